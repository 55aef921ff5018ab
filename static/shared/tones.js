// Tones as every screen plays them: [frequency in Hz, beginning and length in seconds].

const LEVEL = 0.18;
const EDGE_S = 0.01; // a tone that starts at full level clicks

export function playTones(context, tones, level = LEVEL) {
  for (const [hertz, begin, length] of tones) {
    const at = context.currentTime + 0.02 + begin;
    const tone = context.createOscillator();
    const gain = context.createGain();
    tone.frequency.value = hertz;
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(level, at + EDGE_S);
    gain.gain.setValueAtTime(level, at + length - EDGE_S);
    gain.gain.linearRampToValueAtTime(0, at + length);
    tone.connect(gain).connect(context.destination);
    tone.start(at);
    tone.stop(at + length);
  }
}
