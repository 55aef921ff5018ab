// Two tones, once an alert. Browsers allow sound only after a person touched the page: the button says
// whether it is on, and a wish for sound from yesterday comes alive with the first touch.

const REMEMBERED = "onboard-ed-sound";
let audio = null;

function tone(at_s, hertz) {
  const oscillator = audio.createOscillator();
  const gain = audio.createGain();
  oscillator.frequency.value = hertz;
  gain.gain.setValueAtTime(0.0001, at_s);
  gain.gain.exponentialRampToValueAtTime(0.3, at_s + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.0001, at_s + 0.45);
  oscillator.connect(gain).connect(audio.destination);
  oscillator.start(at_s);
  oscillator.stop(at_s + 0.5);
}

function play() {
  tone(audio.currentTime, 660);
  tone(audio.currentTime + 0.35, 880);
}

export function createSound(button) {
  let wanted = localStorage.getItem(REMEMBERED) === "on";

  function show() {
    const able = wanted && audio?.state === "running";
    button.setAttribute("aria-pressed", String(wanted));
    button.textContent = !wanted ? gettext("Sound off") : able ? gettext("Sound on") : gettext("Sound: touch the screen once");
    button.classList.toggle("asking", wanted && !able);
  }

  async function wake() {
    audio ??= new AudioContext();
    await audio.resume();
    show();
  }

  button.addEventListener("click", async () => {
    wanted = !wanted;
    localStorage.setItem(REMEMBERED, wanted ? "on" : "off");
    if (wanted) {
      await wake();
      play();
    }
    show();
  });
  addEventListener("pointerdown", () => wanted && audio?.state !== "running" && wake());
  show();
  const able = () => wanted && audio?.state === "running";
  return {
    able,
    chime: () => able() && play(),
    /** Before the wall speaks: three short ones, unlike a new alert. */
    attention: () => able() && [0, 0.2, 0.4].forEach((after_s) => tone(audio.currentTime + after_s, 990)),
  };
}
