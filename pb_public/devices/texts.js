import { speaker } from "../shared/texts.js";

// What the page says. Both languages have the same keys.
export const texts = {
    zh: {
        title: "我的设备", hint: "手机丢失或被盗时，请立即在这里注销它，并修改密码。", none: "您还没有登记设备。", others: "下属与其他人的设备",
        person: "人员", lastSeen: "最近使用", from: "来自", since: "登记于", app: "应用", place: "来历", clone: "由另一台设备转来，会随它一同注销", phone: "设备",
        revoked: "已注销", revoke: "注销这台设备", sure: "确认注销", warning: "注销后它将无法登录，其中的数据会被清除，未提交的内容也会丢失。只有管理员能恢复。",
    },
    en: {
        title: "My phones", hint: "If a phone is lost or stolen, revoke it here at once, and change your password.", none: "You have no phone yet.", others: "Phones of others",
        person: "Who", lastSeen: "Last used", from: "From", since: "Since", app: "App", place: "Came", clone: "in the place of another phone, and goes with it", phone: "Phone",
        revoked: "revoked", revoke: "Revoke this phone", sure: "Yes, revoke it", warning: "It will be let in no more and is wiped, with all that it has not sent. Only an administrator gives it back.",
    },
};

export const say = speaker(texts);
