// Where a stream's socket is, from what /api/missions/<id>/streams/ says.

/** {url, foreign}: foreign when the hub has another host name, where no cookie goes and a ticket is needed. */
export function address({ hub, incident_id, ticket }, door, stream, query = "", here = location.hostname) {
  const foreign = new URL(hub).hostname !== here;
  const parts = [query, foreign && ticket ? `ticket=${encodeURIComponent(ticket)}` : ""].filter(Boolean).join("&");
  return { url: `${hub}/media/${incident_id}/${door}/${stream}/${parts && "?"}${parts}`, foreign };
}
