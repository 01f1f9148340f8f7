// Talks to the server: sign-in, and requests with its token. The token lives as
// long as the tab.
const TOKEN = "satchelReview";

export const session = {
    get: () => JSON.parse(sessionStorage.getItem(TOKEN) || "null"),
    set: (value) => value ? sessionStorage.setItem(TOKEN, JSON.stringify(value)) : sessionStorage.removeItem(TOKEN),
};

// Refusal is an answer that is not 2xx; status 0 if there was none.
export class Refusal extends Error {
    constructor(status, body) {
        super(body?.message || String(status));
        Object.assign(this, { status, zh: body?.data?.zh, en: body?.data?.en });
    }
}

export async function ask(method, path, body) {
    const headers = { "Content-Type": "application/json" };
    const held = session.get();
    if (held) {
        headers.Authorization = held.token;
    }
    let answer;
    try {
        answer = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
    } catch {
        throw new Refusal(0);
    }
    const json = await answer.json().catch(() => null);
    if (!answer.ok) {
        throw new Refusal(answer.status, json);
    }
    return json;
}

export async function signIn(identity, password) {
    const answer = await ask("POST", "/api/collections/users/auth-with-password", { identity, password });
    session.set({ token: answer.token, id: answer.record.id, name: answer.record.name });
}

const list = (collection, query) => ask("GET", `/api/collections/${collection}/records?` + new URLSearchParams({ skipTotal: "1", ...query }));

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
