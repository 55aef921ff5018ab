// "Can I be heard?": the microphone's level while one speaks, then the same three seconds played back.

const SECONDS = 3;

/** onLevel(0…1) while it records; onStage('speak' | 'listen' | 'done' | 'refused'). Returns a stop function. */
export function testEcho({ onLevel, onStage }) {
  let stop = () => {};
  navigator.mediaDevices
    ?.getUserMedia({ audio: true })
    .then((stream) => (stop = run(stream, onLevel, onStage)))
    .catch(() => onStage("refused"));
  return () => stop();
}

function run(stream, onLevel, onStage) {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(stream).connect(analyser);
  const recorder = new MediaRecorder(stream);
  const parts = [];
  const samples = new Float32Array(analyser.fftSize);
  const level = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    onLevel(Math.min(1, 4 * Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / samples.length)));
  }, 100);
  const audio = new Audio();
  const end = () => {
    clearInterval(level);
    if (recorder.state === "recording") recorder.stop();
    stream.getTracks().forEach((track) => track.stop());
    if (context.state !== "closed") context.close();
  };
  recorder.ondataavailable = ({ data }) => parts.push(data);
  recorder.onstop = () => {
    end();
    onLevel(0);
    onStage("listen");
    audio.src = URL.createObjectURL(new Blob(parts, { type: recorder.mimeType }));
    audio.onended = () => {
      URL.revokeObjectURL(audio.src);
      onStage("done");
    };
    audio.play().catch(() => onStage("done"));
  };
  onStage("speak");
  recorder.start();
  setTimeout(() => recorder.state === "recording" && recorder.stop(), SECONDS * 1000);
  return () => {
    recorder.onstop = null;
    audio.pause();
    end();
  };
}
