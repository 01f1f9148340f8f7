// A superior's page: visits that give reasons for a look, each reason with its
// numbers, and every photo beside those that it is like. All rules are the
// server's; the page shows what its reader may see.
import { el, show, alertOf, explain as explained, page } from "../shared/page.js";
import { session } from "../shared/server.js";
import { fill, language, moment } from "../shared/texts.js";
import { act, filters, matches, PER_PAGE, photos, riskTexts, visit, visits } from "./server.js";
import { say, sayState } from "./texts.js";

let reasonTexts = null;

const explain = (err) => explained(err, say);

// Addresses: "#/" lists with a filter, "#/visit/ID" shows one.
const where = () => location.hash.match(/^#\/visit\/([a-z0-9]+)$/)?.[1];

const render = page(say, async () => {
    reasonTexts ||= await riskTexts();
    await (where() ? showVisit(where()) : showList());
}, () => back());

let filter = Object.keys(filters)[0];

async function showList() {
    const rows = el("ul", { class: "list" });
    const more = el("button", { type: "button", class: "plain", onclick: () => load() }, say("more"));
    let page = 0;
    async function load() {
        const { items } = await visits(filter, ++page);
        rows.append(...items.map(row));
        more.hidden = items.length < PER_PAGE;
    }
    await load();
    show(
        el("div", { class: "filters", role: "group" }, Object.keys(filters).map((f) =>
            el("button", { type: "button", class: "chip", "aria-pressed": String(f == filter), onclick: () => { filter = f; render(); } }, say(f)))),
        rows.children.length ? rows : el("p", { class: "hint" }, say("none")),
        more,
    );
}

const row = (v) =>
    el("li", null, el(
        "a",
        { href: "#/visit/" + v.id, class: "card visit" },
        el("b", { class: "score " + (v.state == "questioned" ? "bad" : ""), title: say("score") }, String(v.risk_score)),
        el("span", { class: "what" }, el("strong", null, v.expand?.account?.name || v.account), el("small", null, [v.expand?.owner?.name, moment(v.in_at) || v.planned_date].filter(Boolean).join(" · "))),
        el("span", { class: "tag" }, sayState(v.state)),
        el("small", { class: "why" }, (v.risk_reasons || []).map(reasonText).join(" ")),
    ));

const reasonText = (r) => fill(reasonTexts[r.code]?.[language] || r.code, r.params);

const back = () => el("p", null, el("a", { href: "#/" }, "← " + say("back")));

const reasonList = (reasons) =>
    reasons?.length
        ? el("ul", { class: "reasons" }, reasons.map((r) => el("li", null, el("b", null, `+${r.points} `), reasonText(r))))
        : el("p", { class: "hint" }, say("noReasons"));

async function showVisit(id) {
    const [v, taken] = await Promise.all([visit(id), photos(id)]);
    const own = v.owner == session.get().id;
    const facts = [
        [say("rep"), v.expand?.owner?.name],
        [say("checkIn"), moment(v.in_at)],
        [say("checkOut"), [moment(v.out_at), v.dwell_s ? say("dwell", { minutes: Math.round(v.dwell_s / 60) }) : ""].filter(Boolean).join(" · ")],
        [say("summary"), v.summary],
        [say("note"), v.verdict_note],
        [say("answer"), v.answer],
    ];
    show(
        back(),
        el(
            "section",
            { class: "card" },
            el("h2", null, v.expand?.account?.name || v.account, " ", el("span", { class: "tag" }, sayState(v.state))),
            el("dl", null, facts.filter(([, value]) => value).map(([name, value]) => [el("dt", null, name), el("dd", null, value)])),
            el("h3", null, `${say("reasons")} · ${say("score")} ${v.risk_score}`),
            reasonList(v.risk_reasons),
            own ? el("p", { class: "hint" }, say("own")) : verdict(v),
        ),
        el("h2", null, say("photos")),
        taken.length ? await Promise.all(taken.map((p) => evidence(p, own))) : el("p", { class: "hint" }, say("noPhotos")),
    );
}

// verdict offers what a superior may do; whether he is one the server knows.
function verdict(v) {
    if (v.state != "reported" && v.state != "questioned") {
        return "";
    }
    const said = el("div");
    const note = el("textarea", { rows: 2, "aria-label": say("note"), placeholder: say("note") });
    async function decide(action) {
        if (action == "question" && !note.value.trim()) {
            return said.replaceChildren(alertOf(say("noteNeeded")));
        }
        try {
            await act(v.id, action, note.value.trim());
            await render();
        } catch (err) {
            said.replaceChildren(alertOf(explain(err)));
        }
    }
    return el(
        "div",
        { class: "verdict" },
        said,
        note,
        el("button", { type: "button", class: "primary", onclick: () => decide("accept") }, say("accept")),
        el("button", { type: "button", onclick: () => decide("question") }, say("question")),
    );
}

// evidence shows a photo, its reasons, and each photo that it is like beside it.
async function evidence(p, own) {
    const like = !own && (p.signals || []).some((s) => s.code == "photo_same" || s.code == "photo_similar");
    const found = like ? await matches(p.id).catch((err) => ({ problem: explain(err) })) : null;
    return el(
        "section",
        { class: "card" },
        reasonList(p.signals),
        found?.matches?.length
            ? found.matches.map((m) => pair(found.photo, m, p))
            : figure({ address: p.address, caption: [[say("taken"), p.taken_at?.replace("T", " ")]] }),
        found?.hidden && el("p", { class: "hint" }, say("hidden")),
        found?.problem && alertOf(found.problem),
    );
}

function pair(mine, m, p) {
    const hours = Math.abs(new Date(mine.used) - new Date(m.photo.used)) / 3600000;
    const facts = [
        m.kind == "bytes" ? say("bytes") : say("similar", { distance: m.distance }),
        m.mirrored && say("mirrored"),
        hours < 48 ? say("apartHours", { hours: hours.toFixed(1) }) : say("apart", { days: Math.round(hours / 24) }),
        m.away_m !== undefined && say("away", { km: (m.away_m / 1000).toFixed(1) }),
    ];
    return el(
        "div",
        { class: "pair" },
        el("p", { class: "between" }, facts.filter(Boolean).join(" · ")),
        figure({ title: say("thisPhoto"), address: p.address, caption: captionOf(mine) }),
        figure({ title: say(m.earlier ? "earlier" : "later"), address: m.photo.public, caption: captionOf(m.photo), visit: m.photo.visit }),
    );
}

const captionOf = (p) => [
    [say("rep"), p.owner_name],
    [say("account"), p.account_name],
    [say("used"), moment(p.used)],
    [say("taken"), p.taken_at ? p.taken_at.replace("T", " ") : say("unknown")],
];

function figure({ title, address, caption, visit }) {
    const gone = () => el("p", { class: "gone" }, say("removed"));
    const img = address && el("img", { src: address, alt: title || say("photos"), loading: "lazy", onerror: () => img.parentElement.replaceWith(gone()) });
    return el(
        "figure",
        null,
        title && el("h3", null, visit ? el("a", { href: "#/visit/" + visit }, title) : title),
        img ? el("a", { href: address, target: "_blank", rel: "noopener", title: say("enlarge") }, img) : gone(),
        el("figcaption", null, el("dl", null, caption.filter(([, value]) => value).map(([name, value]) => [el("dt", null, name), el("dd", null, value)]))),
    );
}

addEventListener("hashchange", render);
render();
