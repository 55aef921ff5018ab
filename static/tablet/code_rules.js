// Finding an official code by any words of its names or by the code itself. Pure.

const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/** rows: [[value, en, zh, category], …] → those in which every word is found, the best first.
 *  Best: the code itself, then a name that begins so, then a word that begins so. */
export function searchCodes(rows, words, most = 40) {
  const wanted = plain(words).split(/[\s,;]+/).filter(Boolean);
  if (!wanted.length) return rows.slice(0, most);
  const ranked = [];
  for (const row of rows) {
    const rank = rankOf(row, wanted);
    if (rank !== null) ranked.push([rank, row]);
  }
  return ranked.sort(([a], [b]) => a - b).slice(0, most).map(([, row]) => row);
}

function rankOf([value, en, zh, category], wanted) {
  const code = plain(value.split(":")[1]);
  const names = plain(`${en} ${zh}`);
  const all = `${code} ${names} ${plain(category)}`;
  if (!wanted.every((word) => all.includes(word))) return null;
  const [first] = wanted;
  if (code.startsWith(first)) return 0;
  if (names.startsWith(first) || plain(zh).startsWith(first)) return 1;
  return names.includes(` ${first}`) ? 2 : 3;
}

/** 'icd10:I21.3' → 'ICD-10 I21.3'. */
const SYSTEMS = { icd10: "ICD-10", snomed: "SNOMED CT", rxnorm: "RxNorm", nemsis: "NEMSIS" };
export function codeText(value) {
  const [system, code] = value.split(":");
  return `${SYSTEMS[system] ?? system} ${code}`;
}
