// How a result came about: from the grade down to what was counted, each step opens into
// those that it is made of. What the reader may not know, the server leaves out.
import { alertOf, el, explain, page, show } from "../shared/page.js";
import { ask, list } from "../shared/server.js";
import { language } from "../shared/texts.js";
import { say } from "./texts.js";

const render = page(say, async () => {
    const id = decodeURIComponent(location.hash.slice(1));
    return id ? one(id) : all();
}, back);
addEventListener("hashchange", render);

function back() {
    return location.hash.length > 1 ? [el("p", null, el("a", { href: "#" }, say("back")))] : [];
}

async function all() {
    const { items } = await list("appraisals", { sort: "-period,id", perPage: 200, expand: "subject" });
    show(
        el("p", { class: "hint" }, items.length ? say("hint") : say("none")),
        items.map((a) => el(
            "section",
            { class: "card" },
            el("h2", null, el("a", { href: "#" + encodeURIComponent(a.id) }, a.period, " ", a.expand?.subject?.name), " ", a.grade && el("span", { class: "tag" }, a.grade)),
            el("dl", null, el("dt", null, say("score")), el("dd", null, a.final_score || say("noScore"))),
        )),
    );
}

async function one(id) {
    const path = `/api/ka/appraisals/${encodeURIComponent(id)}/`;
    const [trace, later] = await Promise.all([ask("GET", path + "trace"), ask("GET", path + "corrections")]);
    const steps = new Map(trace.steps.map((s) => [s.key, s]));
    const top = ["grade", "score"].map((key) => steps.get(key)).filter(Boolean);
    const same = trace.digest == trace.recomputed;
    const facts = [
        [say("score"), trace.score || (trace.why ? trace.why[language] : say("noScore"))],
        [say("grade"), trace.grade],
        [say("scheme"), trace.scheme + " " + say("version", { n: trace.version })],
        [say("days"), say("ofDays", { days: trace.days, all: trace.cycle_days })],
        [say("cutoff"), trace.cutoff_at],
    ];
    show(
        back(),
        el(
            "section",
            { class: "card" },
            el("h2", null, trace.period, " ", trace.name),
            el("dl", null, facts.filter(([, value]) => value).map(([name, value]) => [el("dt", null, name), el("dd", null, value)])),
            same ? el("p", { class: "hint" }, say("same")) : alertOf(say("differs")),
        ),
        top.length ? top.map((s, i) => node(s, steps, path, i == 0)) : trace.steps.map((s) => node(s, steps, path, false)),
        corrections(later.corrections),
    );
}

// node is a step; what it is made of is written when somebody opens it.
function node(step, steps, path, open) {
    const parts = el("div", { class: "parts" });
    const made = el(
        "details",
        { class: "step" },
        el("summary", null, el("span", null, step.name[language]), " ", el("b", null, valueOf(step))),
        parts,
    );
    made.addEventListener("toggle", () => {
        if (made.open && !parts.hasChildNodes()) {
            parts.append(...inside(step, steps, path));
        }
    });
    made.open = open;
    return made;
}

function valueOf(step) {
    if (step.hidden) {
        return say("hidden");
    }
    return short(step.value) || step.why?.[language] || "—";
}

// short shows a decimal with four places at most; the whole stands in its title.
function short(value) {
    const places = /^(-?\d+\.\d{4})\d+$/.exec(value || "");
    return places ? places[1] + "…" : value;
}

const ops = {
    fact: () => say("opFact"), formula: () => say("opFormula"), band: () => say("opBand"), sum: () => say("opSum"), product: () => say("opSum"),
    clamp: () => say("opClamp"), round: () => say("opRound"), grade: () => say("opGrade"), cap: () => say("opCap"), replace: () => say("opReplace"), distance: () => say("opDistance"),
};

function inside(step, steps, path) {
    const rule = step.rule ? say("rule") + ": " + step.rule + (step.version ? " · " + say("version", { n: step.version }) : "") : "";
    const out = [el("p", { class: "hint" }, [(ops[step.op] || ops.fact)(), step.formula, rule].filter(Boolean).join(" · "))];
    if (step.why) {
        out.push(el("p", null, step.why[language]));
    }
    for (const input of step.inputs || []) {
        const of = steps.get(input.from);
        const share = input.weight ? ` × ${input.weight}` + (input.over ? ` ÷ ${input.over}` : "") : "";
        if (of && of != step) {
            out.push(node(of, steps, path, false));
            if (share) {
                out.push(el("p", { class: "hint" }, input.name, share));
            }
        } else {
            out.push(el("p", null, input.name, ": ", el("b", { title: input.value }, short(input.value) || say("hidden")), share));
        }
    }
    if (step.records) {
        out.push(counted(step, path));
    }
    return out;
}

// counted shows the records that were counted, a page at a time.
function counted(step, path) {
    const metric = step.key.replace(/^metric\./, "").replace(/\.whole$/, "");
    const rows = el("tbody");
    const table = el("table", { hidden: true }, el("thead", null, el("tr", null, el("th", null, say("day")), el("th", null, say("ref")), el("th", null, say("value")))), rows);
    const said = el("div");
    const next = el("button", { type: "button", onclick: read }, say("records"));
    let part = 0, after = "";
    async function read() {
        said.replaceChildren();
        try {
            const answer = await ask("GET", path + "records?" + new URLSearchParams({ metric, part, after }));
            table.hidden = false;
            rows.append(...answer.lines.map((l) => el("tr", null, el("td", null, l.day), el("td", null, l.ref), el("td", null, l.den ? `${l.num} / ${l.den}` : String(l.num)))));
            after = answer.next;
            if (!after) {
                part++;
            }
            next.textContent = say("more");
            next.hidden = part >= answer.parts;
        } catch (err) {
            said.replaceChildren(alertOf(explain(err, say)));
        }
    }
    return el("div", null, el("p", null, say("counted", { n: step.records.count })), said, table, step.records.count > 0 && !step.hidden && next);
}

function corrections(lines) {
    if (!lines.length) {
        return el("p", { class: "hint" }, say("noCorrections"));
    }
    return el(
        "section",
        { class: "card" },
        el("h2", null, say("corrections")),
        el("p", { class: "hint" }, say("notMoved")),
        el("ul", { class: "list" }, lines.map((l) => el("li", null, [l.day, l.metric, l.ref, l.num].join(" · ")))),
    );
}

render();
