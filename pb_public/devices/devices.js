// A person's own phones: where each was last, and the way to end one that is lost.
// A superior sees those of his people, an administrator all.
import { alertOf, el, explain, page, show } from "../shared/page.js";
import { ask, list, session } from "../shared/server.js";
import { moment } from "../shared/texts.js";
import { say } from "./texts.js";

const render = page(say, async () => {
    const { items } = await list("sync_devices", { sort: "revoked,-last_seen,id", perPage: 200, expand: "user" });
    const mine = items.filter((d) => d.user == session.get().id), others = items.filter((d) => d.user != session.get().id);
    show(
        el("p", { class: "hint" }, say("hint")),
        mine.length ? mine.map(card) : el("p", { class: "hint" }, say("none")),
        others.length > 0 && el("h2", null, say("others")),
        others.map(card),
    );
});

function card(d) {
    const facts = [
        [say("person"), d.user == session.get().id ? "" : d.expand?.user?.name],
        [say("lastSeen"), moment(d.last_seen)],
        [say("from"), d.address],
        [say("since"), moment(d.registered_at)],
        [say("app"), [d.platform, d.app].filter(Boolean).join(" ")],
        [say("place"), d.came_from ? say("clone") : ""],
    ];
    return el(
        "section",
        { class: "card" },
        el("h2", null, d.name || d.platform || say("phone"), " ", d.revoked && el("span", { class: "tag" }, say("revoked"))),
        el("dl", null, facts.filter(([, value]) => value).map(([name, value]) => [el("dt", null, name), el("dd", null, value)])),
        !d.revoked && ending(d),
    );
}

// ending asks once more: a phone that is revoked is wiped.
function ending(d) {
    const said = el("div");
    const sure = el("button", { type: "button", class: "primary", hidden: true, onclick: end }, say("sure"));
    const first = el("button", { type: "button", onclick: () => { first.hidden = true; sure.hidden = false; said.replaceChildren(el("p", null, say("warning"))); } }, say("revoke"));
    async function end() {
        try {
            await ask("POST", `/api/ka/sync_devices/${encodeURIComponent(d.id)}/revoke`, {});
            await render();
        } catch (err) {
            said.replaceChildren(alertOf(explain(err, say)));
        }
    }
    return el("div", { class: "verdict" }, said, first, sure);
}

render();
