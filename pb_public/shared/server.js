// Talks to the server: sign-in, and requests with its token. The token lives as
// long as the tab.
const TOKEN = "satchelPages";

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

export const list = (collection, query) => ask("GET", `/api/collections/${collection}/records?` + new URLSearchParams({ skipTotal: "1", ...query }));
