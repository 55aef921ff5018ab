// What a screen says of a row of the clinical files that nobody has compared with its source yet.

/** A row without a source has nothing to be compared with. */
export const isChecked = (row) => !row.source || Boolean(row.checked);

export const uncheckedText = () => gettext("Source not checked");
