// Small live pictures on a page that draws itself anew: one a mission, opened by a person and closed with its place.

const slots = new Map();

function slot(missionId) {
  let close = null;
  let wanted = null;
  return async (element) => {
    wanted = element ?? null;
    if (!element) {
      close?.();
      close = null;
      slots.delete(missionId);
      return;
    }
    const { mountSmallPicture } = await import("/static/shared/media/small_picture.js");
    if (wanted === element && !close) close = mountSmallPicture(element, { missionId });
  };
}

/** A stable callback for lit's ref(): the same function for the same mission every time. */
export function pictureSlot(missionId) {
  if (!slots.has(missionId)) slots.set(missionId, slot(missionId));
  return slots.get(missionId);
}
