// What every page says, and how its own texts are read. Both languages have the same keys.
const common = {
    zh: {
        other: "English", signOut: "退出", signIn: "登录", email: "邮箱", password: "密码",
        signInFailed: "邮箱或密码不对，或账号已停用。", expired: "登录已过期，请重新登录。", offline: "连不上服务器，请稍后再试。",
        failed: "出错了：{message}", loading: "读取中…",
    },
    en: {
        other: "中文", signOut: "Sign out", signIn: "Sign in", email: "E-mail", password: "Password",
        signInFailed: "The e-mail or the password is wrong, or the account is disabled.", expired: "Please sign in again.",
        offline: "The server cannot be reached. Try again in a while.",
        failed: "It went wrong: {message}", loading: "Reading…",
    },
};

const LANGUAGE = "satchelLanguage"; // shared with the dashboard's pages

export let language = localStorage.getItem(LANGUAGE) == "en" ? "en" : "zh";

export function turn() {
    language = language == "zh" ? "en" : "zh";
    localStorage.setItem(LANGUAGE, language);
}

// fill puts params into the places of a text that are named like them.
export const fill = (text, params) => text.replace(/\{(\w+)\}/g, (all, name) => params?.[name] ?? all);

// speaker reads a page's texts, and those that all pages have.
export const speaker = (texts) => (key, params) => fill(texts[language][key] ?? common[language][key], params);

const clock = { timeZone: "Asia/Shanghai", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hour12: false };

// moment shows a time of the server in the company's time.
export function moment(at) {
    const date = new Date(String(at).replace(" ", "T"));
    return at && !isNaN(date) && date.getUTCFullYear() > 1 ? date.toLocaleString(language == "zh" ? "zh-CN" : "en-GB", clock) : "";
}
