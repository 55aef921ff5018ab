// Between how many minutes four of five estimates like this one came true.

export const rangeMeaning = () => gettext("Four of five estimates like this one came true in this range.");

/** "5–9 min", whole minutes outwards; "" where no range is known. */
export function etaRange({ eta_low_s, eta_high_s }) {
  if (!Number.isFinite(eta_low_s) || !Number.isFinite(eta_high_s)) return "";
  const low = Math.floor(eta_low_s / 60);
  const high = Math.max(low + 1, Math.ceil(eta_high_s / 60));
  return interpolate(gettext("%(low)s–%(high)s min"), { low, high }, true);
}
