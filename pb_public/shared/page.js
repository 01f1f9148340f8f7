// The frame of a page: elements, who is signed in, the form to sign in, and what
// is shown when the server refuses.
import { Refusal, session, signIn } from "./server.js";
import { language, turn } from "./texts.js";

const main = document.getElementById("main");

// el makes an element; children are elements or text, what is falsy is left out.
export function el(name, attributes, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) {
        if (key.startsWith("on")) {
            made.addEventListener(key.slice(2), value);
        } else if (value !== false && value !== undefined) {
            made.setAttribute(key, value === true ? "" : value);
        }
    }
    made.append(...children.flat(Infinity).filter((c) => c || c === 0));
    return made;
}

export const show = (...children) => main.replaceChildren(...children.flat(Infinity).filter(Boolean));

export const alertOf = (text) => el("p", { class: "alert", role: "alert" }, text);

// page makes a page of its texts and of what it shows to who is signed in;
// beside is shown with a refusal. It returns how the page is drawn anew.
export function page(say, content, beside = () => []) {
    async function render() {
        document.documentElement.lang = language;
        document.title = say("title") + " · Satchel";
        document.getElementById("title").textContent = say("title");
        header();
        if (!session.get()) {
            return show(form());
        }
        show(el("p", { class: "hint" }, say("loading")));
        try {
            await content();
        } catch (err) {
            if (err.status == 401) {
                session.set(null);
                header();
                return show(form(say("expired")));
            }
            show(beside(), alertOf(explain(err, say)));
        }
    }

    function header() {
        const held = session.get();
        document.getElementById("who").replaceChildren(
            el("span", null, held?.name || ""),
            el("button", { type: "button", class: "plain", onclick: () => { turn(); render(); } }, say("other")),
            ...(held ? [el("button", { type: "button", class: "plain", onclick: () => { session.set(null); render(); } }, say("signOut"))] : []),
        );
    }

    function form(problem) {
        const failed = el("div", null, problem ? alertOf(problem) : "");
        async function enter(e) {
            e.preventDefault();
            const data = new FormData(e.target);
            try {
                await signIn(data.get("email"), data.get("password"));
                render();
            } catch (err) {
                failed.replaceChildren(alertOf(err.status >= 400 && err.status < 404 ? say("signInFailed") : explain(err, say)));
            }
        }
        return el(
            "form",
            { class: "card sign-in", onsubmit: enter },
            failed,
            el("label", null, say("email"), el("input", { name: "email", type: "email", autocomplete: "username", required: true })),
            el("label", null, say("password"), el("input", { name: "password", type: "password", autocomplete: "current-password", required: true })),
            el("button", { class: "primary" }, say("signIn")),
        );
    }

    return render;
}

// explain says a refusal in the reader's language.
export function explain(err, say) {
    if (!(err instanceof Refusal)) {
        throw err;
    }
    return err.status ? err[language] || say("failed", { message: err.message }) : say("offline");
}
