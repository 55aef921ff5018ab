// The keys of corridor screens: made once, shown once, taken down with one press.

import { api, orToast } from "../shared/api.js";

const form = document.getElementById("hang");
const made = document.getElementById("made");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const display = await orToast(api.post("/api/department/displays/", { name: form.elements.name.value }));
  if (!display) return;
  const link = made.querySelector("a");
  link.href = `/ed/arrivals/${display.token}/`;
  link.textContent = link.href;
  made.hidden = false;
  form.reset();
});

document.addEventListener("click", async ({ target }) => {
  const id = target.dataset?.takeDown;
  if (!id) return;
  target.disabled = true;
  await orToast(api.post(`/api/department/displays/${id}/take-down/`));
  location.reload();
});
