"""Street names: two Chinese syllables with their pinyin, never the same twice."""

from collections.abc import Iterator

import numpy as np

_FIRST = (
    "长Chang 永Yong 和He 平Ping 安An 福Fu 吉Ji 祥Xiang 瑞Rui 景Jing 文Wen 明Ming 德De 仁Ren 义Yi "
    "礼Li 信Xin 忠Zhong 兴Xing 盛Sheng 昌Chang 泰Tai 康Kang 宁Ning 清Qing 白Bai 碧Bi 翠Cui 青Qing "
    "红Hong 金Jin 银Yin 玉Yu 宝Bao 松Song 竹Zhu 梅Mei 兰Lan 菊Ju 荷He 桂Gui 柳Liu 桃Tao 杏Xing "
    "枫Feng 槐Huai 榆Yu 梧Wu 樱Ying 莲Lian 云Yun 霞Xia 月Yue 星Xing 晨Chen 晓Xiao 春Chun 夏Xia "
    "秋Qiu 雪Xue 龙Long 凤Feng 鹤He 鹭Lu 雁Yan 燕Yan 鹿Lu 石Shi 沙Sha 溪Xi 泉Quan 潭Tan 书Shu "
    "琴Qin 画Hua 墨Mo 学Xue 思Si 望Wang 听Ting 观Guan 临Lin 望Wang 迎Ying 通Tong 达Da 广Guang"
)
_SECOND = (
    "江jiang 河he 湖hu 山shan 岭ling 峰feng 林lin 园yuan 苑yuan 亭ting 台tai 楼lou 阁ge 桥qiao "
    "门men 塔ta 寺si 庙miao 井jing 泉quan 塘tang 浦pu 洲zhou 湾wan 港gang 渡du 堤di 岸an 原yuan "
    "坡po 谷gu 坪ping 坊fang 里li 乐le 华hua 新xin 光guang 阳yang 源yuan 丰feng 庆qing 顺shun "
    "恒heng 远yuan 志zhi 城cheng 宫gong 舟zhou 帆fan 桐tong 花hua 叶ye 枝zhi 香xiang 影ying 风feng "
    "雨yu 霖lin 虹hong 岩yan 溪xi 霄xiao 辉hui 秀xiu 茂mao 荣rong 翔xiang 鸣ming 麓lu 畔pan 汀ting"
)
_SUFFIX = {
    "avenue": ("大道", "Avenue"),
    "road": ("路", "Road"),
    "street": ("街", "Street"),
    "lane": ("巷", "Lane"),
}
_DIGITS = (
    "一",
    "二",
    "三",
    "四",
    "五",
    "六",
    "七",
    "八",
    "九",
    "十",
    *(f"十{d}" for d in "一二三四五六七八九"),
)
Name = tuple[str, str]


def counted(stem: Name, kind: str, order: int) -> Name:
    """The name of the nth parallel street of one family, counted from 0."""
    suffix_zh, suffix_en = _SUFFIX[kind]
    ordinal = {1: "1st", 2: "2nd", 3: "3rd"}.get(order + 1, f"{order + 1}th")
    return f"{stem[0]} {ordinal} {suffix_en}", f"{stem[1]}{_DIGITS[order]}{suffix_zh}"


def _syllables(table: str) -> list[tuple[str, str]]:
    pairs = dict.fromkeys(table.split())
    return [(entry[0], entry[1:]) for entry in pairs]


class NameBook:
    """Gives out (English, Chinese) names; every stem once, in an order set by the seed."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._stems = self._shuffled(rng)

    def street(self, kind: str) -> Name:
        """A new name for an "avenue", "road", "street" or "lane"."""
        chinese, english = next(self._stems)
        suffix_zh, suffix_en = _SUFFIX[kind]
        return f"{english} {suffix_en}", f"{chinese}{suffix_zh}"

    def stem(self) -> Name:
        """A new bare name, for estates and schools."""
        chinese, english = next(self._stems)
        return english, chinese

    @staticmethod
    def _shuffled(rng: np.random.Generator) -> Iterator[tuple[str, str]]:
        first, second = _syllables(_FIRST), _syllables(_SECOND)
        taken: set[str] = set()
        for number in rng.permutation(len(first) * len(second)):
            (zh_a, en_a), (zh_b, en_b) = first[number // len(second)], second[number % len(second)]
            # Two names that sound alike cannot be told apart on the radio.
            if zh_a != zh_b and en_a + en_b not in taken:
                taken.add(en_a + en_b)
                joint = "'" if en_b[0] in "aeo" else ""
                yield zh_a + zh_b, en_a + joint + en_b
        raise RuntimeError("more streets than names")
