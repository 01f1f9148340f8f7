// What the page asks of the server.
import { ask, list } from "../shared/server.js";

export const PER_PAGE = 30;

// filters by the keys of their texts.
export const filters = {
    open: "state = 'questioned' || (state = 'reported' && sampled = true)",
    questioned: "state = 'questioned'",
    all: "risk_score > 0 && (state = 'reported' || state = 'questioned' || state = 'accepted')",
};

export const visits = (filter, page) =>
    list("visits", { filter: filters[filter], sort: "-risk_score,-in_at,id", perPage: PER_PAGE, page, expand: "account,owner" });

export const visit = (id) => ask("GET", `/api/collections/visits/records/${encodeURIComponent(id)}?expand=account,owner`);

// photos are those whose bytes came, with an address of the public copy of each
// that still has one.
export async function photos(visit) {
    const { items } = await list("blobs", { filter: `visit = '${visit}' && purpose = 'visit_photo' && (state = 'stored' || state = 'durable')`, sort: "created,id", perPage: 200 });
    const { urls } = items.length ? await ask("POST", "/api/ka/blobs/sign", { ids: items.map((p) => p.id), variant: "public" }) : { urls: {} };
    return items.map((p) => ({ ...p, address: p.bytes_removed_at ? "" : urls[p.id] || "" }));
}

export const matches = (photo) => ask("GET", `/api/ka/blobs/${encodeURIComponent(photo)}/matches`);

export const act = (visit, action, note) => ask("POST", `/api/ka/visits/${encodeURIComponent(visit)}/${action}`, { note });

export const riskTexts = () => ask("GET", "/api/ka/risk_texts");
