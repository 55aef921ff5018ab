// Day and night of the cabin: black on white against glare, warm on black to keep night sight.

const REMEMBERED = "onboard-theme";

/** onChange() after the theme changed: what was drawn in the old colours draws itself again. */
export function followNight(button, onChange) {
  const isNight = () => document.documentElement.dataset.theme === "contrast-night";

  function set(theme) {
    document.documentElement.dataset.theme = theme;
    button.setAttribute("aria-pressed", String(isNight()));
    button.textContent = isNight() ? gettext("Day") : gettext("Night");
    localStorage.setItem(REMEMBERED, theme);
  }

  set(localStorage.getItem(REMEMBERED) === "contrast-night" ? "contrast-night" : "contrast");
  if (isNight()) onChange();
  button.addEventListener("click", () => {
    set(isNight() ? "contrast" : "contrast-night");
    onChange();
  });
}
