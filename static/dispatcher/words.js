// Small phrases that several views share.

/** 'JW-20261122-0017' → '#0017': enough on one desk and one day; the whole number is in the title. */
export const shortNumber = (number) => `#${String(number ?? "").split("-").at(-1)}`;

/** '140 m', '3.2 km' */
export const metres = (distance_m) =>
  distance_m < 1000
    ? interpolate(gettext("%(count)s m"), { count: Math.round(distance_m / 10) * 10 }, true)
    : interpolate(gettext("%(count)s km"), { count: (distance_m / 1000).toFixed(1) }, true);
