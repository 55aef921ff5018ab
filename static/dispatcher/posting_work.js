// A free unit is sent to wait by hand: where, then why, each by a digit; or the place by the command bar.

import { api, orToast, uuid } from "../shared/api.js";
import { item } from "../shared/reduce.js";
import { nameOf } from "../shared/terms.js";
import { toast } from "../shared/toast.js";
import { isFree } from "./choose.js";
import { pointsFor } from "./posting_rules.js";

export function createPosting({ store, openBar }) {
  const set = (values) => store.dispatch({ t: "set", values });

  /** The policy may have changed since the page was opened. */
  async function fetchPosts() {
    const found = await orToast(api.get("/api/waiting-points/"));
    if (found) set({ posts: found.points });
  }

  /** The question stands below the unit, which is therefore selected. */
  const ask = (unit, values) => {
    store.dispatch({ t: "select/unit", id: unit.id });
    set({ ask: { unitId: unit.id, callSign: unit.call_sign, ...values } });
  };

  async function askPost(unit) {
    await fetchPosts();
    const here = unit.posting ? item(store.state.board, "missions", unit.mission_id)?.place_label : null;
    ask(unit, { kind: "post", points: pointsFor(store.state.posts, unit, here) });
  }

  const askPostReason = (unit, point) => ask(unit, { kind: "post_reason", point });

  function postSelected() {
    const unit = item(store.state.board, "units", store.state.selection.unit);
    return unit && isFree(unit) ? askPost(unit) : openBar(`${gettext("post")} `);
  }

  async function sendToPost({ unitId, callSign, point }, reason) {
    set({ ask: null });
    if (!(await orToast(api.post(`/api/units/${unitId}/posting/`, { id: uuid(), point: point.code, reason })))) return;
    toast(interpolate(gettext("%(unit)s is sent to %(place)s."), { unit: callSign, place: nameOf(point) }, true));
  }

  const answers = {
    post: (asked, code) => set({ ask: { ...asked, kind: "post_reason", point: asked.points.find((one) => one.code === code) } }),
    post_reason: sendToPost,
  };

  return { answers, fetchPosts, askPost, askPostReason, postSelected };
}
