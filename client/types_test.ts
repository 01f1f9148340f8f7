// What a client says in the types of the server: what must compile, and what must not.
import { machines } from "./types.gen.ts";
import type { ActionArgs, Code, Id, Machine, Rows, Written } from "./types.gen.ts";

/** A mutation as a phone makes it, in what the server knows of it. */
export type Mutation =
    | { [C in Written]: { op: "create"; c: C; r: Id<C>; set: Partial<Rows[C]> } }[Written]
    | { [A in keyof ActionArgs]: A extends `${infer C}.${infer V}` ? { op: "action"; c: C; r: Id<C>; action: V; args: ActionArgs[A] } : never }[keyof ActionArgs];

declare const visit: Rows["visits"];
declare const account: Rows["accounts"];
declare function push(mutation: Mutation): void;

push({ op: "create", c: "visits", r: "visitaaaaaaaaa1", set: { account: account.id, type: "unplanned", planned_date: "2026-03-16" } });
push({ op: "action", c: "visits", r: visit.id, action: "check_in", args: { at: "2026-03-16T08:00:00Z", lat: 31.2, lng: 121.5, acc_m: 8 } });
push({ op: "action", c: "orders", r: "orderaaaaaaaaa1", action: "submit", args: {} });

// @ts-expect-error: the id of an account is none of a visit
push({ op: "action", c: "visits", r: account.id, action: "plan", args: {} });
// @ts-expect-error: an action of visits is none of orders
push({ op: "action", c: "orders", r: "orderaaaaaaaaa1", action: "check_in", args: {} });
// @ts-expect-error: an argument that the action does not have
push({ op: "action", c: "visits", r: visit.id, action: "check_in", args: { latitude: 31.2 } });
// @ts-expect-error: an action without arguments
push({ op: "action", c: "orders", r: "orderaaaaaaaaa1", action: "submit", args: { reason: "late" } });
// @ts-expect-error: phones read templates only
push({ op: "create", c: "visit_templates", r: "templateaaaaaa1", set: {} });
// @ts-expect-error: no such type of visits
push({ op: "create", c: "visits", r: "visitaaaaaaaaa1", set: { type: "by_chance" } });
// @ts-expect-error: phones do not see it
void visit.updated;
// @ts-expect-error: no such code
export const unknown: Code = "visit.no_such_code";
// @ts-expect-error: JSON without a type is to be looked at first
void visit.signals.mock;

export const grade: string | undefined = visit.clock?.["in"]?.grade;
export const code: Code = "visit.locked";

/** What somebody can do to a row, by the machine alone. */
export function steps(machine: Machine, state: string): string[] {
    return Object.keys(machine.actions).filter((a) => machine.actions[a]!.some((s) => s.parties.length > 0 && s.from.includes(state)));
}
steps(machines.visits, visit.state);

type Machines = typeof machines;
type Holds<T extends true> = T;
type Same<A, B> = [A, B] extends [B, A] ? true : { only: Exclude<A, B>; missing: Exclude<B, A> };

/** The states of a machine are the values of its field, which may be empty. */
export type States = Holds<
    {
        [C in keyof Machines & keyof Rows]: Same<Machines[C]["states"][number], Exclude<Rows[C][Machines[C]["field"] & keyof Rows[C]], "">>;
    }[keyof Machines & keyof Rows]
>;

/** Every step that somebody takes is an action. */
type Taken = {
    [C in keyof Machines]: {
        [A in keyof Machines[C]["actions"]]: Machines[C]["actions"][A] extends readonly { parties: readonly [] }[] ? never : `${C}.${A & string}`;
    }[keyof Machines[C]["actions"]];
}[keyof Machines];
export type Actions = Holds<Taken extends keyof ActionArgs ? true : false>;
