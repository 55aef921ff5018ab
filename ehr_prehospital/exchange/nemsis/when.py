"""Why there is no value: not applicable where the catalogue's case does not hold."""

from ehr_prehospital.exchange.canonical import CanonicalRecord
from ehr_prehospital.exchange.nemsis.mapping import table
from ehr_prehospital.record.rulebook import cases
from ehr_prehospital.record.rules.completeness import Said, holding


class Cases:
    """The cases of rules.toml as they are in one record."""

    def __init__(self, record: CanonicalRecord) -> None:
        self.facts = {
            element: Said(
                tuple(one.value for one in said if one.value),
                reason=any(one.not_value or one.pertinent_negative for one in said),
            )
            for element, said in record.by_element.items()
        }

    def why_not(self, name: str) -> str:
        """A code of `not_value` for an element of NEMSIS."""
        for row in table().rows.get(name, ()):
            case = cases().get(row.ours.when)
            if case is not None and not holding(case, self.facts):
                return "not_applicable"
        return "not_recorded"
