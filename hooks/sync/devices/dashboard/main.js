// The fleet's page in the dashboard: what GET /api/sync/fleet answers, sorted
// and searched in the browser. It writes nothing.

const text = {
    zh: {
        title: "Fleet 设备", other: "English", search: "搜索人员、设备或版本", all: "全部", none: "没有符合条件的设备。",
        empty: "还没有设备登记。手机首次登录后会出现在这里。", failed: "读取失败", now: "刚刚", never: "从未", loading: "读取中…",
        sort: "排序", units: ["分钟前", "小时前", "天前"], limit: "上限", largest: "行数最多", heals: "次修复",
        columns: {
            state: "状态", name: "人员", app: "App 版本", last_pull: "最近拉取", last_push: "最近提交", lag: "落后变更",
            oldest_captured: "最早未提交", rejected: "被退回", issues: "待处理问题", pending_blobs: "待传照片", scope_rows: "可见行数", heals: "自动修复", alerts: "警报",
        },
        states: {
            repair_stopped: "修复已停止", over_limit: "数据过多", issues_full: "问题过多", stale: "久未同步", unpushed: "未提交", new: "尚未拉取", ok: "正常",
            disabled: "人员已停用", revoked: "已注销",
        },
        alerts: { unsynced: "久未同步", unpushed: "久未提交", issues_full: "问题过多" },
        schema: "数据版本", parked: "消息发送已暂停", faults: "消息发送出错", waiting: "条等待",
    },
    en: {
        title: "Fleet", other: "中文", search: "Search people, devices or versions", all: "All", none: "No such device.",
        empty: "No device has registered yet. A phone shows here once somebody has signed in on it.", failed: "Failed to read", now: "just now",
        never: "never", loading: "Reading…", sort: "Sort by", units: [" min ago", " h ago", " d ago"], limit: "limit", largest: "most rows", heals: "repairs",
        columns: {
            state: "State", name: "Who", app: "App", last_pull: "Last pull", last_push: "Last push", lag: "Behind",
            oldest_captured: "Oldest unsent", rejected: "Refused", issues: "Open issues", pending_blobs: "Photos to come", scope_rows: "Rows in scope", heals: "Repairs", alerts: "Alerts",
        },
        states: {
            repair_stopped: "repair stopped", over_limit: "too many rows", issues_full: "too many issues", stale: "not syncing", unpushed: "unsent work", new: "never pulled", ok: "in step",
            disabled: "user disabled", revoked: "revoked",
        },
        alerts: { unsynced: "not synced", unpushed: "not sent", issues_full: "too many issues" },
        schema: "schema", parked: "Messages are parked", faults: "Messages fail", waiting: "waiting",
    },
};

// Those that need somebody first; the colour of each.
const states = {
    repair_stopped: "danger", over_limit: "danger", issues_full: "danger", stale: "danger", unpushed: "warning", new: "info", ok: "success", disabled: "", revoked: "",
};
const order = Object.keys(states);
const columns = Object.keys(text.zh.columns);
const times = ["last_pull", "last_push", "oldest_captured"];
const LANGUAGE = "satchelLanguage";

const style = document.createElement("link");
style.rel = "stylesheet";
style.href = "./extensions/fleet/style.css";
document.head.append(style);

app.store.headerLinks.splice(1, 0, { href: "#/fleet", icon: "ri-smartphone-line", label: text.zh.title });

app.routes.superuserOnly("#/fleet", () => {
    const data = store({
        language: localStorage.getItem(LANGUAGE) || "zh", devices: null, lanes: [], states: {}, now: "", limit: 0, error: "",
        by: "state", down: false, only: "", search: "",
    });
    const say = () => text[data.language] || text.zh;
    app.store.title = say().title;

    async function load() {
        try {
            const answer = await app.pb.send("/api/sync/fleet", { method: "GET", requestKey: "fleet" });
            Object.assign(data, { devices: answer.devices, lanes: answer.lanes || [], states: answer.states, now: answer.now, limit: answer.limit, error: "" });
        } catch (err) {
            if (!err.isAbort) {
                data.error = err.message || "?";
            }
        }
    }
    load();

    const moment = (at) => at ? new Date(at.replace(" ", "T")) : null;

    function ago(at) {
        if (!at) {
            return "";
        }
        const minutes = Math.max(0, Math.floor((moment(data.now) - moment(at)) / 60000));
        if (minutes < 1) {
            return say().now;
        }
        const units = say().units;
        if (minutes < 60) {
            return minutes + units[0];
        }
        return minutes < 2880 ? Math.floor(minutes / 60) + units[1] : Math.floor(minutes / 1440) + units[2];
    }

    function value(d, column) {
        switch (column) {
            case "state":
                return order.indexOf(d.state);
            case "alerts":
                return (d.alerts || []).length;
            case "app":
                return String(d.schema).padStart(6, "0") + d.app;
        }
        return d[column] || (typeof d[column] == "number" ? 0 : "");
    }

    function compare(a, b) {
        const x = value(a, data.by), y = value(b, data.by);
        const n = typeof x == "number" ? x - y : String(x).localeCompare(String(y), "zh");
        return (data.down ? -n : n) || a.name.localeCompare(b.name, "zh");
    }

    function shown() {
        const words = data.search.trim().toLowerCase();
        return data.devices
            .filter((d) => !data.only || d.state == data.only)
            .filter((d) => !words || [d.name, d.phone, d.platform, d.app, d.device].join(" ").toLowerCase().includes(words))
            .sort(compare);
    }

    function sortBy(column) {
        data.down = data.by == column ? !data.down : !["state", "name", ...times].includes(column);
        data.by = column;
    }

    const number = (n) => t.span({ className: n > 0 ? "fleet-some" : "fleet-none" }, String(n || 0));
    const time = (at, none) => t.time({ dateTime: at || "", title: at || "" }, at ? ago(at) : none);

    const cells = {
        state: (d) => t.span({ className: "label " + (states[d.state] || "") }, say().states[d.state] || d.state),
        name: (d) => [
            t.a({ className: "fleet-who", href: "#/collections?collection=sync_devices&record=" + d.device }, d.name),
            t.small(null, [d.platform, d.phone].filter(Boolean).join(" · ")),
        ],
        app: (d) => [t.span(null, d.app || "–"), t.small(null, say().schema + " " + d.schema)],
        last_pull: (d) => time(d.last_pull, say().never),
        last_push: (d) => time(d.last_push, say().never),
        lag: (d) => number(d.lag),
        oldest_captured: (d) => time(d.oldest_captured, "–"),
        rejected: (d) => number(d.rejected),
        pending_blobs: (d) => number(d.pending_blobs),
        scope_rows: (d) => [
            t.span(null, d.scope_rows.toLocaleString()),
            d.largest?.length && t.small(
                null,
                say().limit + " " + data.limit.toLocaleString() + " · " + say().largest + " " + d.largest.map((c) => c.name + " " + c.rows.toLocaleString()).join(", "),
            ),
        ],
        issues: (d) => number(d.issues),
        heals: (d) => number(d.heals),
        alerts: (d) => (d.alerts || []).length ? d.alerts.map((kind) => t.span({ className: "label danger" }, say().alerts[kind] || kind)) : t.span({ className: "fleet-none" }, "–"),
    };

    function table() {
        if (data.error) {
            return t.div({ className: "alert danger" }, say().failed + ": " + data.error);
        }
        if (!data.devices) {
            return t.p({ className: "txt-hint" }, say().loading);
        }
        const rows = shown();
        if (!rows.length) {
            return t.p({ className: "txt-hint" }, data.devices.length ? say().none : say().empty);
        }
        return t.div(
            { className: "page-table-wrapper" },
            t.table(
                { className: "responsive-table fleet-table" },
                t.thead(null, t.tr(null, columns.map((c) => t.th(
                    { ariaSort: data.by != c ? "none" : data.down ? "descending" : "ascending" },
                    t.button({ type: "button", className: "fleet-sort", onclick: () => sortBy(c) }, say().columns[c] + (data.by != c ? "" : data.down ? " ↓" : " ↑")),
                )))),
                t.tbody(null, rows.map((d) => t.tr(
                    { className: "fleet-" + (states[d.state] || "off") + " fleet-is-" + d.state },
                    columns.map((c) => t.td({ className: "fleet-" + c, "html-data-name": say().columns[c] }, cells[c](d))),
                ))),
            ),
        );
    }

    function chip(state, label, count) {
        return t.button(
            { type: "button", className: () => "btn sm " + (data.only == state ? "" : "secondary"), ariaPressed: () => String(data.only == state), onclick: () => data.only = state },
            t.span({ className: "txt" }, label + " " + count),
        );
    }

    return t.div(
        { className: "page page-fleet" },
        t.div(
            { className: "page-content" },
            t.header(
                { className: "page-header" },
                t.nav({ className: "breadcrumbs" }, t.div({ className: "breadcrumb-item" }, () => say().title)),
                app.components.refreshButton({ onclick: load }),
                t.button(
                    {
                        type: "button", className: "btn sm transparent secondary m-l-auto",
                        onclick: () => {
                            data.language = data.language == "zh" ? "en" : "zh";
                            localStorage.setItem(LANGUAGE, data.language);
                            app.store.title = say().title;
                        },
                    },
                    t.span({ className: "txt" }, () => say().other),
                ),
            ),
            t.div(
                { className: "fleet-bar" },
                () => data.devices && [
                    chip("", say().all, Object.values(data.states).reduce((a, b) => a + b, 0)),
                    ...order.filter((s) => data.states[s]).map((s) => chip(s, say().states[s], data.states[s])),
                ],
                t.input({
                    type: "search", className: "fleet-search", ariaLabel: () => say().search, placeholder: () => say().search,
                    oninput: (e) => data.search = e.target.value,
                }),
                t.select(
                    { className: "fleet-by", ariaLabel: () => say().sort, onchange: (e) => sortBy(e.target.value) },
                    () => columns.map((c) => t.option({ value: c, selected: data.by == c }, say().sort + ": " + say().columns[c])),
                ),
            ),
            () => data.lanes.map((l) => t.div(
                { className: "alert " + (l.parked_at ? "danger" : "warning") },
                (l.parked_at ? say().parked : say().faults) + ": " + l.name + " · " + l.waiting + " " + say().waiting + " · " + l.last_error,
            )),
            () => table(),
        ),
    );
});
