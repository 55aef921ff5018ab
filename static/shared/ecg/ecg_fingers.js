// Fingers, mouse and wheel on the paper: one finger pans or measures, two zoom.

const GRAB_PX = 32;
const WHEEL = 0.0016;

/** Returns how to let go. `actions`: measuring, calipers, view, pan, zoom, measure, at. */
export function followFingers(canvas, actions) {
  const fingers = new Map();
  let fixed = null; // the other end of what is being measured
  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const apart = ([a, b]) => Math.hypot(a.x - b.x, a.y - b.y);
  const middle = ([a, b]) => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });

  /** The far end stays when a finger takes hold of the near one. */
  function grabbed(point) {
    const found = actions.calipers();
    const view = actions.view();
    if (!found) return null;
    const near = (end) => Math.hypot(end.x * view.scale + view.x - point.x, end.y * view.scale + view.y - point.y) < GRAB_PX;
    if (near(found.a)) return found.b;
    return near(found.b) ? found.a : null;
  }

  function down(event) {
    canvas.setPointerCapture(event.pointerId);
    canvas.focus({ preventScroll: true });
    fingers.set(event.pointerId, place(event));
    const measures = actions.measuring() && fingers.size === 1 && event.button === 0;
    fixed = measures ? (grabbed(place(event)) ?? actions.at(place(event))) : null;
  }

  function move(event) {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const now = place(event);
    const pair = [...fingers.values()];
    fingers.set(event.pointerId, now);
    if (fingers.size === 2) {
      const next = [...fingers.values()];
      const [was, is] = [middle(pair), middle(next)];
      actions.pan(is.x - was.x, is.y - was.y);
      if (apart(pair) > 0) actions.zoom(apart(next) / apart(pair), is);
    } else if (fixed) actions.measure(fixed, actions.at(now));
    else actions.pan(now.x - before.x, now.y - before.y);
  }

  function up(event) {
    fingers.delete(event.pointerId);
    fixed = null;
  }

  function wheel(event) {
    event.preventDefault();
    actions.zoom(Math.exp(-event.deltaY * WHEEL), place(event));
  }

  const followed = { pointerdown: down, pointermove: move, pointerup: up, pointercancel: up, wheel };
  for (const [name, handler] of Object.entries(followed)) canvas.addEventListener(name, handler, { passive: false });
  return () => {
    for (const [name, handler] of Object.entries(followed)) canvas.removeEventListener(name, handler);
  };
}
