// Made by go test ./hooks -run TestClientTypes -rewrite; a test holds it to what is there.

/** A moment: 2026-03-16 00:30:00.000Z in a field of a row, empty for none; RFC 3339 elsewhere, and in whatever is sent. */
export type Moment = string;

/** A day of the calendar: 2026-03-16; empty for none. */
export type Day = string;

/** The id of a row of C, empty for none. Any text will do, but not the id of another collection. */
export type Id<C extends string> = string & { readonly of?: C };

/** The arguments of an action that has none. */
export type None = Record<string, never>;

/** A row of account_assignments; phones read it. */
export interface AccountAssignment {
    id: Id<"account_assignments">;
    account: Id<"accounts">;
    user: Id<"users">;
    dept: Id<"departments">;
    from_date: Day;
    to_date: Day;
    state: "planned" | "active" | "ended" | "cancelled";
    handover: Id<"account_handovers">;
    began_at: Moment;
    ended_at: Moment;
    problem: string;
}

/** A row of account_change_requests; phones read and write it. */
export interface AccountChangeRequest {
    id: Id<"account_change_requests">;
    account: Id<"accounts">;
    collection: string;
    record: string;
    patch: unknown;
    was: unknown;
    reason: string;
    by: Id<"users">;
    owner: Id<"users">;
    manager: Id<"users">;
    dept: Id<"departments">;
    mutation: string;
    state: "open" | "accepted" | "refused";
    reviewer: Id<"users">;
    decided_at: Moment;
}

/** A row of account_competitors; phones read and write it. */
export interface AccountCompetitor {
    id: Id<"account_competitors">;
    account: Id<"accounts">;
    dept: Id<"departments">;
    competitor: Id<"competitors">;
    share_bp: number;
    products: string;
    contract_end: Day;
    note: string;
}

/** A row of account_coverage; phones read and write it. */
export interface AccountCoverageRow {
    id: Id<"account_coverage">;
    account: Id<"accounts">;
    owner: Id<"users">;
    manager: Id<"users">;
    dept: Id<"departments">;
    tier: string;
    period: string;
    from_date: Day;
    to_date: Day;
    required: number;
    done: number;
    state: "open" | "warned" | "met" | "breach" | "excepted";
    exception: "" | "requested" | "granted" | "refused";
    exception_reason: string;
    exception_by: Id<"users">;
    decided_by: Id<"users">;
    decision_note: string;
    decided_at: Moment;
    warned_at: Moment;
    closed_at: Moment;
}

/** A row of account_credits; phones read it. */
export interface AccountCredit {
    id: Id<"account_credits">;
    account: Id<"accounts">;
    dept: Id<"departments">;
    limit_fen: number;
    ordered_fen: number;
    ledger_fen: number;
    open_fen: number;
    overdue_fen: number;
    free_fen: number;
    as_of: Day;
}

/** A row of account_entries; phones read it. */
export interface AccountEntry {
    id: Id<"account_entries">;
    account: Id<"accounts">;
    dept: Id<"departments">;
    kind: "delivery" | "return" | "receipt" | "reversal" | "deduction";
    ref_collection: string;
    ref_id: string;
    order: Id<"orders">;
    no: string;
    amount_fen: number;
    open_fen: number;
    on: Day;
    due_on: Day;
    at: Moment;
}

/** A row of account_handovers; phones read and write it. */
export interface AccountHandover {
    id: Id<"account_handovers">;
    from_rep: Id<"users">;
    to_rep: Id<"users">;
    accounts: Id<"accounts">[];
    planned_date: Day;
    reason: string;
    state: "planned" | "draining" | "done" | "cancelled";
    requested_by: Id<"users">;
    from_manager: Id<"users">;
    to_manager: Id<"users">;
    from_dept: Id<"departments">;
    to_dept: Id<"departments">;
    moved_at: Moment;
    drain_until: Day;
    total: number;
    moved: number;
    skipped: number;
    problem: string;
    checklist: ChecklistItem[] | null;
    open_items: unknown;
    signed_from_at: Moment;
    signed_to_at: Moment;
}

/** A row of account_plans; phones read and write it. */
export interface AccountPlan {
    id: Id<"account_plans">;
    account: Id<"accounts">;
    dept: Id<"departments">;
    year: string;
    needs: string;
    goals: unknown;
    actions: unknown;
    solutions: unknown;
    state: "draft" | "active" | "closed";
}

/** A row of account_positions; phones read and write it. */
export interface AccountPosition {
    id: Id<"account_positions">;
    account: Id<"accounts">;
    visit: Id<"visits">;
    owner: Id<"users">;
    dept: Id<"departments">;
    lat: number;
    lng: number;
    acc_m: number;
    src_crs: "" | "wgs84" | "gcj02" | "bd09";
    src_lat: number;
    src_lng: number;
    state: "open" | "confirmed" | "refused";
    decided_by: Id<"users">;
    decided_at: Moment;
    reason: string;
}

/** A row of account_reviews; phones read and write it. */
export interface AccountReview {
    id: Id<"account_reviews">;
    account: Id<"accounts">;
    owner: Id<"users">;
    dept: Id<"departments">;
    period: string;
    sales_score: number;
    csat_score: number;
    potential_score: number;
    service_score: number;
    total: number;
    sales_fen: number;
    orders: number;
    visits: number;
    issues: number;
    findings: string;
    result: "" | "strengthen" | "keep" | "adjust" | "reduce";
    tier_from: "" | "A" | "B" | "C";
    tier_to: "" | "A" | "B" | "C";
    actions: Id<"improvement_actions">[];
    state: "draft" | "submitted" | "approved" | "rejected" | "returned";
    reviewers: Id<"users">[];
    approval_round: number;
    submitted_at: Moment;
    decision_comment: string;
    csat_known: boolean;
}

/** A row of account_scorecards; phones read and write it. */
export interface AccountScorecard {
    id: Id<"account_scorecards">;
    account: Id<"accounts">;
    dept: Id<"departments">;
    model: Id<"scoring_models">;
    owner: Id<"users">;
    ratings: unknown;
    total_bp: number;
    suggested_tier: string;
    state: "draft" | "in_review" | "approved" | "rejected";
    override_by: Id<"users">;
    override_reason: string;
    reviewers: Id<"users">[];
    approval_round: number;
    submitted_at: Moment;
    decision_comment: string;
}

/** A row of account_stage_log; phones read it. */
export interface AccountStageEntry {
    id: Id<"account_stage_log">;
    account: Id<"accounts">;
    dept: Id<"departments">;
    from: string;
    to: string;
    step: string;
    at: Moment;
    by: Id<"users">;
    note: string;
}

/** A row of accounts; phones read and write it. */
export interface Account {
    id: Id<"accounts">;
    name: string;
    short_name: string;
    uscc: string;
    kind: "prospect" | "ka" | "lost";
    tier: "" | "A" | "B" | "C";
    industry: string;
    region: string;
    address: string;
    lat: number;
    lng: number;
    geofence_m: number;
    owner: Id<"users">;
    manager: Id<"users">;
    dept: Id<"departments">;
    credit_limit_fen: number;
    payment_days: number;
    tags: unknown;
    status: "" | "active" | "dormant";
    note: string;
    next_owner: Id<"users">;
    src_crs: "" | "wgs84" | "gcj02" | "bd09";
    src_lat: number;
    src_lng: number;
    stage: "" | "research" | "screened" | "first_contact" | "in_depth" | "negotiating" | "contracted" | "dropped" | "dormant" | "lost";
    stage_at: Moment;
    purchase_needs: string;
    first_need: string;
    phone: string;
    distinct_reason: string;
    duplicate_flags: unknown;
    exec_sponsor: Id<"users">;
    service_owner: Id<"users">;
}

/** A row of activities; phones read and write it. */
export interface Activity {
    id: Id<"activities">;
    owner: Id<"users">;
    manager: Id<"users">;
    dept: Id<"departments">;
    name: string;
    from_date: Day;
    to_date: Day;
    accounts: Id<"accounts">[];
    depts: Id<"departments">[];
    products: Id<"products">[];
    promo_plan: Id<"promo_plans">;
    kind: "launch" | "seminar" | "promotion" | "display";
    place: string;
    helpers: Id<"users">[];
    planned_fen: number;
    actual_fen: number;
    result_due: Day;
    state: "draft" | "submitted" | "approved" | "returned" | "rejected" | "running" | "ended" | "reported" | "closed" | "cancelled";
    reason: string;
    result_told_at: Moment;
    closed_at: Moment;
    reviewers: Id<"users">[];
    approval_round: number;
    submitted_at: Moment;
    decision_comment: string;
    budget_levels: number[] | null;
}

/** A row of activity_costs; phones read and write it. */
export interface ActivityCost {
    id: Id<"activity_costs">;
    activity: Id<"activities">;
    accounts: Id<"accounts">[];
    depts: Id<"departments">[];
    kind: "venue" | "material" | "display" | "gift" | "travel" | "staff" | "media" | "other";
    planned_fen: number;
    actual_fen: number;
    note: string;
    node: Id<"budget_nodes">;
}

/** A row of activity_results; phones read and write it. */
export interface ActivityResult {
    id: Id<"activity_results">;
    activity: Id<"activities">;
    accounts: Id<"accounts">[];
    depts: Id<"departments">[];
    owner: Id<"users">;
    text: string;
    attendance: number;
    leads: number;
    photos: Id<"blobs">[];
    at: Moment;
    late: boolean;
}

/** A row of activity_returns; phones read it. */
export interface ActivityReturn {
    id: Id<"activity_returns">;
    activity: Id<"activities">;
    dept: Id<"departments">;
    from_date: Day;
    until_date: Day;
    before_date: Day;
    gain_fen: number;
    cost_fen: number;
    return_bp: number;
    counted_on: Day;
}

/** A row of activity_tasks; phones read and write it. */
export interface ActivityTask {
    id: Id<"activity_tasks">;
    activity: Id<"activities">;
    accounts: Id<"accounts">[];
    depts: Id<"departments">[];
    title: string;
    owner: Id<"users">;
    due: Day;
    state: "open" | "done" | "dropped";
    note: string;
    done_at: Moment;
    overdue_told_at: Moment;
}

/** A row of advances; phones read and write it. */
export interface Advance {
    id: Id<"advances">;
    owner: Id<"users">;
    manager: Id<"users">;
    dept: Id<"departments">;
    purpose: string;
    amount_fen: number;
    due_on: Day;
    state: "draft" | "submitted" | "approved" | "paid" | "cleared" | "returned" | "rejected" | "cancelled";
    paid_fen: number;
    cleared_fen: number;
    given_back_fen: number;
    paid_at: Moment;
    closed_at: Moment;
    told_at: Moment;
    reviewers: Id<"users">[];
    approval_round: number;
    submitted_at: Moment;
    decision_comment: string;
}

/** A row of annual_plans; phones read and write it. */
export interface AnnualPlan {
    id: Id<"annual_plans">;
    owner: Id<"users">;
    dept: Id<"departments">;
    year: string;
    goals: string;
    strategy: string;
    measures: unknown;
    budget_fen: number;
    state: "draft" | "submitted" | "approved" | "rejected" | "returned" | "replaced";
    reviewers: Id<"users">[];
    approval_round: number;
    submitted_at: Moment;
    decision_comment: string;
    budget: Id<"budgets">;
    target: Id<"targets">;
    planned_ratio_bp: number;
}

/** A row of appraisal_cycles; phones read and write it. */
export interface AppraisalCycle {
    id: Id<"appraisal_cycles">;
    dept: Id<"departments">;
    kind: "quarter" | "annual";
    period: string;
    from_day: Day;
    to_day: Day;
    cutoff_at: Moment;
    deadlines: unknown;
    schemes: unknown;
    rules: unknown;
    state: "planned" | "collecting" | "rating" | "calibration" | "published" | "locked" | "archived";
    people: number;
    told: unknown;
    guide: unknown;
    published_by: Id<"users">;
    published_at: Moment;
    locked_at: Moment;
}

/** A row of appraisal_ratings; phones read and write it. */
export interface AppraisalRating {
    id: Id<"appraisal_ratings">;
    appraisal: Id<"appraisals">;
    cycle: Id<"appraisal_cycles">;
    rater: Id<"users">;
    subject: Id<"users">;
    sight: Id<"departments">;
    readers: Id<"users">[];
    kind: "self" | "superior" | "earlier";
    questions: unknown;
    items: unknown;
    comment: string;
    facts: unknown;
    days: number;
    due: Moment;
    state: "draft" | "submitted" | "lapsed";
    submitted_at: Moment;
    device: string;
}

/** A row of appraisal_schemes; phones read and write it. */
export interface AppraisalScheme {
    id: Id<"appraisal_schemes">;
    name: string;
    role: "rep" | "ka_manager" | "dept_manager";
    cycle_kind: "quarter" | "annual";
    dept: Id<"departments">;
    content: unknown;
    version: number;
    state: "draft" | "published" | "retired";
    published_by: Id<"users">;
    published_at: Moment;
    note: string;
    based_on: Id<"appraisal_schemes">;
}

/** A row of appraisals; phones read and write it. */
export interface Appraisal {
    id: Id<"appraisals">;
    cycle: Id<"appraisal_cycles">;
    subject: Id<"users">;
    superior: Id<"users">;
    dept: Id<"departments">;
    sight: Id<"departments">;
    reader: Id<"users">;
    kind: "quarter" | "annual";
    period: string;
    role: string;
    scheme: string;
    scheme_version: number;
    days: number;
    cycle_days: number;
    trace_digest: string;
    forms: unknown;
    warnings: unknown;
    self_total: string;
    superior_total: string;
    customer_total: string;
    deductions: string;
    composite: string;
    inflated: boolean;
    inflation_note: string;
    calibration: string;
    calibration_reason: string;
    calibrated_by: Id<"users">;
    calibrated_at: Moment;
    final_score: string;
    final_hundredths: number;
    grade: string;
    state: "open" | "self_done" | "rated" | "composite" | "calibrated" | "published" | "confirmed" | "noted" | "appealed" | "decided" | "locked";
    interview_note: string;
    interviewed_at: Moment;
    published_at: Moment;
    confirmed_at: Moment;
    agreed: boolean;
    confirm_hash: string;
    confirm_device: string;
    silent: boolean;
    appeal_reason: string;
    appealed_at: Moment;
    decision: string;
    decision_change: string;
    decided_by: Id<"users">;
    decided_at: Moment;
    reopen_reason: string;
    reopened_at: Moment;
    reopens: number;
    locked_at: Moment;
}

/** A row of approvals; phones read and write it. */
export interface Approval {
    id: Id<"approvals">;
    ref_collection: string;
    ref_id: string;
    title: string;
    round: number;
    step: number;
    key: string;
    any: boolean;
    author: Id<"users">;
    manager: Id<"users">;
    dept: Id<"departments">;
    oversight: string;
    approver: Id<"users">;
    delegated_from: Id<"users">;
    reviewers: Id<"users">[];
    state: "waiting" | "pending" | "approved" | "rejected" | "returned" | "passed" | "stale" | "withdrawn";
    content: unknown;
    content_hash: string;
    comment: string;
    signature_hash: string;
    due_hours: number;
    opened_at: Moment;
    due_at: Moment;
    at: Moment;
    reminded_at: Moment;
    overdue_at: Moment;
    told: Id<"users">[];
    subject_state: string;
    data: unknown;
}

/** A row of assortments; phones read and write it. */
export interface Assortment {
    id: Id<"assortments">;
    account: Id<"accounts">;
    dept: Id<"departments">;
    product: Id<"products">;
    state: "listed" | "delisted";
    valid_from: Day;
    valid_to: Day;
    note: string;
}

/** A row of audit_findings; phones read and write it. */
export interface AuditFinding {
    id: Id<"audit_findings">;
    finder: Id<"users">;
    sample: Id<"audit_samples">;
    claim: Id<"expense_claims">;
    line: Id<"expense_lines">;
    person: Id<"users">;
    dept: Id<"departments">;
    liable: Id<"users">[];
    kind: "false_invoice" | "altered" | "private" | "no_evidence" | "over_limit" | "wrong_account" | "other";
    text: string;
    repay_fen: number;
    points: number;
    liable_points: number;
    answer: string;
    answered_at: Moment;
    state: "open" | "confirmed" | "dismissed";
    decided_by: Id<"users">;
    decided_at: Moment;
    reason: string;
}

/** A row of blobs; phones read and write it. */
export interface Blob {
    id: Id<"blobs">;
    sha256: string;
    size: number;
    mime: string;
    purpose: "visit_photo" | "invoice" | "receipt" | "contract" | "goods" | "activity" | "training" | "signature";
    owner: Id<"users">;
    account: Id<"accounts">;
    dept: Id<"departments">;
    visit: Id<"visits">;
    step: Id<"visit_steps">;
    state: "pending" | "received" | "stored" | "durable" | "rejected";
    code: string;
    original: string;
    width: number;
    height: number;
    orientation: number;
    taken_at: string;
    lat: number;
    lng: number;
    has_gps: boolean;
    stored_at: Moment;
    late: boolean;
    released_by: Id<"users">;
    device: Id<"sync_devices">;
    manager: Id<"users">;
    source: "" | "camera" | "gallery";
    phash: string;
    device_make: string;
    device_model: string;
    device_software: string;
    screenshot: boolean;
    received_at: Moment;
    public: string;
    thumb: string;
    tiny: string;
    hold: boolean;
    hold_reason: string;
    hold_by: Id<"users">;
    hold_at: Moment;
    bytes_removed_at: Moment;
    bytes_removed_why: "" | "retention" | "rejected";
    signals: RiskReason[] | null;
    logistics: boolean;
    shared: boolean;
    reviewers: Id<"users">[];
}

/** A row of budget_adjustments; phones read and write it. */
export interface BudgetAdjustment {
    id: Id<"budget_adjustments">;
    owner: Id<"users">;
    manager: Id<"users">;
    dept: Id<"departments">;
    budget: Id<"budgets">;
    kind: "transfer" | "raise" | "lower";
    from_node: Id<"budget_nodes">;
    to_node: Id<"budget_nodes">;
    month: string;
    amount_fen: number;
    reason: string;
    state: "draft" | "submitted" | "approved" | "returned" | "rejected" | "withdrawn";
    small: boolean;
    applied_at: Moment;
    reviewers: Id<"users">[];
    approval_round: number;
    submitted_at: Moment;
    decision_comment: string;
}

/** A row of budget_nodes; phones read and write it. */
export interface BudgetNode {
    id: Id<"budget_nodes">;
    budget: Id<"budgets">;
    dept: Id<"departments">;
    name: string;
    position: number;
    category: Id<"expense_categories">;
    manager: Id<"users">;
    rep: Id<"users">;
    account: Id<"accounts">;
    activity: Id<"activities">;
    period: "" | "year" | "quarter" | "month";
    from_date: Day;
    to_date: Day;
    amount_fen: number;
    months: number[] | null;
    control: "" | "forbid" | "warn" | "ignore";
    over_bp: number;
    window: "" | "year" | "cumulative" | "month";
    alerts: number[] | null;
    allocated_fen: number;
    reserved_fen: number;
    spent_fen: number;
    free_fen: number;
    as_of: Moment;
    alerted_bp: number;
    is_leaf: boolean;
    depth: number;
    path: string;
    viewers: Id<"users">[];
    parent: Id<"budget_nodes">;
}

/** A row of budgets; phones read and write it. */
export interface Budget {
    id: Id<"budgets">;
    owner: Id<"users">;
    dept: Id<"departments">;
    year: string;
    version: number;
    title: string;
    plan: Id<"annual_plans">;
    control: "" | "forbid" | "warn" | "ignore";
    over_bp: number;
    window: "" | "year" | "cumulative" | "month";
    alerts: number[] | null;
    gross: boolean;
    freeze_until: Day;
    carry: "" | "none" | "free";
    small_transfer_fen: number;
    review_over_bp: number;
    total_fen: number;
    state: "draft" | "submitted" | "approved" | "active" | "frozen" | "closed" | "returned" | "rejected" | "cancelled";
    reason: string;
    approved_at: Moment;
    active_at: Moment;
    frozen_at: Moment;
    closed_at: Moment;
    closed_by: Id<"users">;
    carried_at: Moment;
    reviewers: Id<"users">[];
    approval_round: number;
    submitted_at: Moment;
    decision_comment: string;
    carried_from: Id<"budgets">;
}

/** A row of business_reviews; phones read and write it. */
export interface BusinessReview {
    id: Id<"business_reviews">;
    owner: Id<"users">;
    dept: Id<"departments">;
    period: string;
    findings: string;
    decisions: string;
    figures: unknown;
    state: "draft" | "done";
    done_at: Moment;
    late: boolean;
}

/** A row of care_dates; phones read and write it. */
export interface CareDate {
    id: Id<"care_dates">;
    account: Id<"accounts">;
    dept: Id<"departments">;
    contact: Id<"contacts">;
    title: string;
    kind: "holiday" | "birthday" | "anniversary" | "custom";
    calendar: "solar" | "lunar";
    month: number;
    day: number;
    lead_days: number;
    active: boolean;
}

/** A row of care_tasks; phones read and write it. */
export interface CareTask {
    id: Id<"care_tasks">;
    account: Id<"accounts">;
    dept: Id<"departments">;
    care_date: Id<"care_dates">;
    contact: Id<"contacts">;
    title: string;
    due: Day;
    assignee: Id<"users">;
    state: "open" | "done" | "skipped";
    action: string;
    gift_value_fen: number;
    note: string;
    done_at: Moment;
    done_by: Id<"users">;
}

/** A row of case_events; phones read and write it. */
export interface CaseEvent {
    id: Id<"case_events">;
    issue: Id<"cases">;
    account: Id<"accounts">;
    dept: Id<"departments">;
    owner_dept: Id<"departments">;
    at: Moment;
    by: Id<"users">;
    kind: string;
    text: string;
    media: unknown;
}

/** A row of cases; phones read and write it. */
export interface Case {
    id: Id<"cases">;
    account: Id<"accounts">;
    dept: Id<"departments">;
    contact: Id<"contacts">;
    by: Id<"users">;
    visit: Id<"visits">;
    product: Id<"products">;
    kind: "quality" | "delivery" | "service" | "technical" | "billing" | "complaint";
    level: "urgent" | "major" | "normal";
    channel: "phone" | "email" | "im" | "visit" | "portal" | "other";
    title: string;
    text: string;
    owner_dept: Id<"departments">;
    owner: Id<"users">;
    state: "new" | "acknowledged" | "in_progress" | "waiting_customer" | "resolved" | "confirmed" | "reopened" | "closed" | "merged";
    raised_at: Moment;
    first_response_due: Moment;
    resolve_due: Moment;
    responded_at: Moment;
    paused_at: Moment;
    resolved_at: Moment;
    confirmed_at: Moment;
    confirmed_by: string;
    closed_at: Moment;
    first_late: boolean;
    resolve_late: boolean;
    escalation: number;
    cause: string;
    solution: string;
    repeats: number;
    prevention: Id<"improvement_actions">;
    source: string;
    merged_into: Id<"cases">;
    told: Id<"users">[];
    standard: Id<"service_standards">;
    fault: "" | "own" | "supplier" | "carrier" | "customer" | "none";
    responsible: Id<"users">;
    responsible_by: Id<"users">;
    responsible_at: Moment;
    responsible_note: string;
}

/** A row of communications; phones read and write it. */
export interface Communication {
    id: Id<"communications">;
    account: Id<"accounts">;
    dept: Id<"departments">;
    contact: Id<"contacts">;
    by: Id<"users">;
    channel: "phone" | "email" | "im" | "visit" | "meeting" | "letter";
    direction: "in" | "out";
    at: Moment;
    summary: string;
    needs_reply_by: Moment;
    replied_at: Moment;
    replied_late: boolean;
    campaign: Id<"outreach_campaigns">;
    reply_told_at: Moment;
}

/** A row of competitors; phones read and write it. */
export interface Competitor {
    id: Id<"competitors">;
    name: string;
    brands: unknown;
    note: string;
    active: boolean;
}

/** A row of consents; phones read and write it. */
export interface Consent {
    id: Id<"consents">;
    owner: Id<"users">;
    kind: "location" | "photo" | "privacy";
    version: string;
    given_at: Moment;
    withdrawn_at: Moment;
    device: string;
    told_at: Moment;
}

/** A row of contacts; phones read and write it. */
export interface Contact {
    id: Id<"contacts">;
    account: Id<"accounts">;
    dept: Id<"departments">;
    name: string;
    title: string;
    phone: string;
    email: string;
    wechat: string;
    role_in_decision: "" | "decider" | "influencer" | "user" | "buyer" | "gatekeeper";
    birthday: Day;
    note: string;
    attitude: "" | "supporter" | "neutral" | "opponent";
    optout: boolean;
    lunar_birthday: string;
    forgotten_at: Moment;
    forgotten_why: string;
}

/** A row of contracts; phones read and write it. */
export interface Contract {
    id: Id<"contracts">;
    account: Id<"accounts">;
    owner: Id<"users">;
    dept: Id<"departments">;
    no: string;
    type: "standard" | "custom";
    title: string;
    amount_fen: number;
    start_date: Day;
    end_date: Day;
    terms: unknown;
    negotiation: Id<"negotiations">;
    draft: string;
    signed: string;
    signed_sha256: string;
    state: "draft" | "in_review" | "approved" | "signing" | "effective" | "expiring" | "renewed" | "terminated" | "expired";
    version: number;
    renew_notice_days: number;
    effective_at: Moment;
    ended_at: Moment;
    end_reason: string;
    renewal_told_at: Moment;
    reviewers: Id<"users">[];
    approval_round: number;
    submitted_at: Moment;
    decision_comment: string;
    renewed_by: Id<"contracts">;
}

/** A row of cost_savings; phones read and write it. */
export interface CostSaving {
    id: Id<"cost_savings">;
    owner: Id<"users">;
    manager: Id<"users">;
    dept: Id<"departments">;
    month: string;
    category: Id<"expense_categories">;
    account: Id<"accounts">;
    title: string;
    how: string;
    before_fen: number;
    after_fen: number;
    saved_fen: number;
    state: "reported" | "confirmed" | "declined";
    decided_by: Id<"users">;
    decided_at: Moment;
    reason: string;
}

/** A row of deductions; phones read and write it. */
export interface Deduction {
    id: Id<"deductions">;
    account: Id<"accounts">;
    owner: Id<"users">;
    manager: Id<"users">;
    dept: Id<"departments">;
    amount_fen: number;
    cause: "rebate" | "display" | "shortage" | "other";
    order: Id<"orders">;
    paper: Id<"blobs">;
    note: string;
    state: "reported" | "accepted" | "rejected";
    decided_by: Id<"users">;
    decided_at: Moment;
    reason: string;
}

/** A row of deliveries; phones read and write it. */
export interface Delivery {
    id: Id<"deliveries">;
    account: Id<"accounts">;
    owner: Id<"users">;
    manager: Id<"users">;
    dept: Id<"departments">;
    order: Id<"orders">;
    no: string;
    state: "planned" | "dispatched" | "delivered" | "refused" | "cancelled";
    planned_on: Day;
    carrier: string;
    tracking_no: string;
    external_no: string;
    note: string;
    dispatched_at: Moment;
    delivered_at: Moment;
    late: boolean;
    short: boolean;
    quality: "" | "good" | "damaged";
    quality_note: string;
    signed_blob: Id<"blobs">;
    signed_by: string;
    amount_fen: number;
    by: Id<"users">;
    reason: string;
}

/** A row of delivery_lines; phones read and write it. */
export interface DeliveryLine {
    id: Id<"delivery_lines">;
    account: Id<"accounts">;
    owner: Id<"users">;
    manager: Id<"users">;
    dept: Id<"departments">;
    delivery: Id<"deliveries">;
    line: Id<"order_lines">;
    product: Id<"products">;
    qty_milli: number;
    accepted_milli: number;
    lot: string;
    expires_on: Day;
    amount_fen: number;
    note: string;
    tax_fen: number;
}

/** A row of departments; phones read it. */
export interface Department {
    id: Id<"departments">;
    name: string;
    kind: "ka" | "market" | "finance" | "product" | "service" | "legal" | "mgmt" | "logistics";
    head: Id<"users">;
    parent: Id<"departments">;
}

/** A row of expense_categories; phones read it. */
export interface ExpenseCategory {
    id: Id<"expense_categories">;
    code: string;
    name_zh: string;
    name_en: string;
    active: boolean;
    parent: Id<"expense_categories">;
    ledger_account: string;
    input_tax: "" | "deducted" | "carried_out" | "none";
}

/** A row of expense_claims; phones read and write it. */
export interface ExpenseClaim {
    id: Id<"expense_claims">;
    owner: Id<"users">;
    manager: Id<"users">;
    dept: Id<"departments">;
    no: string;
    former_no: string;
    title: string;
    purpose: string;
    period: string;
    visits: Id<"visits">[];
    payee_kind: "employee" | "supplier" | "customer";
    total_fen: number;
    approved_fen: number;
    cleared_fen: number;
    paid_fen: number;
    state: "draft" | "submitted" | "approved" | "paid" | "archived" | "returned" | "rejected" | "cancelled" | "reversed";
    special: boolean;
    special_reason: string;
    over_budget: boolean;
    budget_levels: number[] | null;
    warnings: number;
    reviews: number;
    reason: string;
    approved_at: Moment;
    paid_at: Moment;
    archived_at: Moment;
    voucher_no: string;
    reversal_by: Id<"users">;
    reversal_reason: string;
    reversed_at: Moment;
    reviewers: Id<"users">[];
    approval_round: number;
    submitted_at: Moment;
    decision_comment: string;
    payee: Id<"payees">;
    advance: Id<"advances">;
}

/** A row of expense_lines; phones read and write it. */
export interface ExpenseLine {
    id: Id<"expense_lines">;
    claim: Id<"expense_claims">;
    seq: number;
    category: Id<"expense_categories">;
    day: Day;
    to_day: Day;
    at: Moment;
    city: string;
    merchant: string;
    amount_fen: number;
    tax_fen: number;
    account: Id<"accounts">;
    contact: Id<"contacts">;
    visit: Id<"visits">;
    activity: Id<"activities">;
    contract: Id<"contracts">;
    node: Id<"budget_nodes">;
    leaf: Id<"budget_nodes">;
    attendees: Attendee[] | null;
    nights: number;
    distance_m: number;
    no_invoice_reason: string;
    reason: string;
    computed: unknown;
    hits: Hit[] | null;
    approved_fen: number;
    cut_reason: string;
    cut_by: Id<"users">;
    comment: string;
    owner: Id<"users">;
    manager: Id<"users">;
    dept: Id<"departments">;
    reviewers: Id<"users">[];
    currency: string;
    foreign_fen: number;
    rate_ppm: number;
    rate_day: Day;
    preapproval: Id<"preapprovals">;
    care_task: Id<"care_tasks">;
}

/** A row of expense_reviews; phones read and write it. */
export interface ExpenseReview {
    id: Id<"expense_reviews">;
    budget: Id<"budgets">;
    node: Id<"budget_nodes">;
    dept: Id<"departments">;
    owner: Id<"users">;
    month: string;
    budget_fen: number;
    actual_fen: number;
    variance_fen: number;
    variance_bp: number;
    forecast_fen: number;
    cause: string;
    action: string;
    due: Day;
    state: "open" | "done";
    done_at: Moment;
    told_at: Moment;
}

/** A row of expense_rules; phones read it. */
export interface ExpenseRule {
    id: Id<"expense_rules">;
    code: string;
    version: number;
    kind: "buyer" | "issue_future" | "issue_before" | "late" | "last_year" | "invoice_sum" | "unverified" | "dead" | "special_required" | "list_required" | "forbidden" | "preapproval" | "attendees" | "per_head" | "gift" | "city_tiers" | "per_diem" | "lodging" | "mileage" | "taxi" | "no_visit" | "split" | "no_invoice" | "currency" | "original" | "fee" | "alike_own" | "alike_others";
    severity: "block" | "warn" | "review";
    clause: string;
    params: unknown;
    categories: string[] | null;
    roles: ("rep" | "ka_manager" | "dept_manager" | "market" | "product" | "service" | "finance" | "executive" | "reviewer" | "admin" | "auditor" | "ops")[];
    from_day: Day;
    to_day: Day;
    active: boolean;
    note: string;
    put_by: Id<"users">;
}

/** A row of expense_shares; phones read and write it. */
export interface ExpenseShare {
    id: Id<"expense_shares">;
    claim: Id<"expense_claims">;
    line: Id<"expense_lines">;
    seq: number;
    node: Id<"budget_nodes">;
    leaf: Id<"budget_nodes">;
    account: Id<"accounts">;
    activity: Id<"activities">;
    weight: number;
    fen: number;
    approved_fen: number;
    owner: Id<"users">;
    manager: Id<"users">;
    dept: Id<"departments">;
    reviewers: Id<"users">[];
}

/** A row of expense_uses; phones read and write it. */
export interface ExpenseUse {
    id: Id<"expense_uses">;
    claim: Id<"expense_claims">;
    line: Id<"expense_lines">;
    invoice: Id<"invoices">;
    amount_fen: number;
    state: "draft" | "active" | "paid" | "released";
    owner: Id<"users">;
    manager: Id<"users">;
    dept: Id<"departments">;
    reviewers: Id<"users">[];
    tax_fen: number;
}

/** A row of holidays; phones read it. */
export interface Holiday {
    id: Id<"holidays">;
    date: Day;
    kind: "holiday" | "workday";
    name: string;
    checked: boolean;
}

/** A row of improvement_actions; phones read and write it. */
export interface ImprovementAction {
    id: Id<"improvement_actions">;
    ref_collection: string;
    ref_id: string;
    title: string;
    cause: string;
    measure: string;
    author: Id<"users">;
    owner: Id<"users">;
    manager: Id<"users">;
    dept: Id<"departments">;
    due: Day;
    state: "open" | "done" | "verified" | "cancelled";
    result: string;
    done_at: Moment;
    verified_by: Id<"users">;
    verified_at: Moment;
    comment: string;
    reminded_at: Moment;
    overdue_at: Moment;
}

/** A row of indicators; phones read it. */
export interface Indicator {
    id: Id<"indicators">;
    code: string;
    category: "sales" | "customer" | "team" | "competence";
    name_zh: string;
    name_en: string;
    kind: "computed" | "rated";
    formula: string;
    band: Point[] | null;
    hints: string[] | null;
    locked: boolean;
    active: boolean;
    note: string;
}

/** A row of intel_reports; phones read and write it. */
export interface IntelReport {
    id: Id<"intel_reports">;
    owner: Id<"users">;
    manager: Id<"users">;
    dept: Id<"departments">;
    kind: "market" | "competitor" | "price" | "policy" | "product" | "service";
    account: Id<"accounts">;
    competitor: Id<"competitors">;
    visit: Id<"visits">;
    text: string;
    media: unknown;
    direction: "up" | "down";
    routed: Id<"departments">[];
    acks: unknown;
    ack_count: number;
    value_score: number;
    source: string;
    score_note: string;
    scored_by: Id<"users">;
    scored_at: Moment;
    reminded_at: Moment;
}

/** A row of invoices; phones read and write it. */
export interface Invoice {
    id: Id<"invoices">;
    owner: Id<"users">;
    dept: Id<"departments">;
    blob: Id<"blobs">;
    qr_raw: string;
    typed: unknown;
    note: string;
    state: "folder" | "used" | "reimbursed" | "released";
    kind: string;
    code: string;
    number: string;
    issue_date: Day;
    check_code: string;
    amount_ex_fen: number;
    tax_fen: number;
    total_fen: number;
    seller_name: string;
    seller_tax: string;
    buyer_name: string;
    buyer_tax: string;
    qr_ok: boolean;
    crc: "" | "ok" | "bad" | "na";
    key: string;
    sha256: string;
    verify_state: "" | "unverified" | "valid" | "void" | "red" | "failed";
    verify_src: string;
    paper_state: "" | "pending" | "read" | "unreadable";
    paper_code: string;
    paper_tries: number;
    sources: unknown;
    risk: RiskReason[] | null;
    risk_score: number;
    blocked: string;
    duplicate_of: Id<"invoices">;
    reviewers: Id<"users">[];
    used_fen: number;
    buyer: "" | "na" | "ours" | "name" | "tax";
    disputes: Record<string, Record<string, string>> | null;
    verified_at: Moment;
    finding: "" | "void" | "red";
    found_at: Moment;
    repay_fen: number;
    repaid_at: Moment;
    repaid_note: string;
    keep_until: Day;
    goods: string;
    goods_list: Id<"blobs">;
}

/** A row of monthly_plans; phones read and write it. */
export interface MonthlyPlan {
    id: Id<"monthly_plans">;
    owner: Id<"users">;
    manager: Id<"users">;
    dept: Id<"departments">;
    month: string;
    goals: unknown;
    activities: unknown;
    note: string;
    state: "draft" | "submitted" | "approved" | "returned" | "rejected";
    late: boolean;
    reviewers: Id<"users">[];
    approval_round: number;
    submitted_at: Moment;
    decision_comment: string;
    targets: TargetShare[] | null;
}

/** A row of negotiations; phones read and write it. */
export interface Negotiation {
    id: Id<"negotiations">;
    account: Id<"accounts">;
    dept: Id<"departments">;
    opportunity: Id<"opportunities">;
    topic: string;
    cooperation_model: string;
    price_terms: unknown;
    service_terms: unknown;
    objections: unknown;
    state: "open" | "agreed" | "failed";
}

/** A row of notification_prefs; phones read and write it. */
export interface NotificationPref {
    id: Id<"notification_prefs">;
    user: Id<"users">;
    kind: string;
    mail: boolean;
}

/** A row of notifications; phones read and write it. */
export interface Notification {
    id: Id<"notifications">;
    user: Id<"users">;
    kind: string;
    params: Record<string, unknown> | null;
    link: string;
    at: Moment;
    read_at: Moment;
}

/** A row of opportunities; phones read and write it. */
export interface Opportunity {
    id: Id<"opportunities">;
    account: Id<"accounts">;
    owner: Id<"users">;
    dept: Id<"departments">;
    title: string;
    source: string;
    needs: string;
    amount_fen: number;
    close_date: Day;
    stage: "found" | "qualified" | "proposal" | "negotiation" | "win_pending" | "won" | "lost" | "suspended";
    before_stage: string;
    strategy: string;
    next_action: string;
    next_at: Day;
    is_major: boolean;
    decision: "" | "go" | "no_go";
    decision_note: string;
    decided_by: Id<"users">;
    decided_at: Moment;
    order: Id<"orders">;
    lost_reason: string;
    contract: Id<"contracts">;
    competitors: Id<"competitors">[];
    model: Id<"scoring_models">;
    ratings: unknown;
    score_bp: number;
    grade: "" | "A" | "B" | "C" | "D";
    graded_at: Moment;
    found_at: Moment;
    stage_at: Moment;
    win_by: Id<"users">;
    lost_code: "" | "price" | "competitor" | "budget" | "need" | "timing" | "service" | "other";
    overdue_told_at: Moment;
    overdue_raised_at: Moment;
}

/** A row of opportunity_stage_log; phones read it. */
export interface OpportunityStageEntry {
    id: Id<"opportunity_stage_log">;
    opportunity: Id<"opportunities">;
    account: Id<"accounts">;
    dept: Id<"departments">;
    from: string;
    to: string;
    step: string;
    at: Moment;
    by: Id<"users">;
    note: string;
}

/** A row of order_events; phones read it. */
export interface OrderEvent {
    id: Id<"order_events">;
    order: Id<"orders">;
    account: Id<"accounts">;
    owner: Id<"users">;
    dept: Id<"departments">;
    kind: string;
    at: Moment;
    step_dept: string;
    by: Id<"users">;
    note: string;
    facts: Record<string, unknown> | null;
    released: boolean;
}

/** A row of order_lines; phones read and write it. */
export interface OrderLine {
    id: Id<"order_lines">;
    order: Id<"orders">;
    account: Id<"accounts">;
    owner: Id<"users">;
    dept: Id<"departments">;
    product: Id<"products">;
    qty_milli: number;
    disc_bp: number;
    price_fen: number;
    tax_bp: number;
    line_fen: number;
    tax_fen: number;
    late: boolean;
    released_by: Id<"users">;
    unit: string;
    base_milli: number;
    list: Id<"price_lists">;
    tax_included: boolean;
    promo_fen: number;
    why: Why | null;
    free: boolean;
    promotion: Id<"promotions">;
    cut_milli: number;
    comment: string;
    delivered_milli: number;
    returned_milli: number;
    released: boolean;
}

/** A row of orders; phones read and write it. */
export interface Order {
    id: Id<"orders">;
    no: string;
    account: Id<"accounts">;
    visit: Id<"visits">;
    owner: Id<"users">;
    manager: Id<"users">;
    dept: Id<"departments">;
    price_list: Id<"price_lists">;
    state: "draft" | "submitted" | "credit_review" | "approved" | "rejected" | "confirmed" | "processing" | "partly_delivered" | "delivered" | "accepted" | "settled" | "cancelled";
    shown_total_fen: number;
    lines_fen: number;
    tax_fen: number;
    total_fen: number;
    price_changed: boolean;
    submitted_at: Moment;
    decided_by: Id<"users">;
    decided_at: Moment;
    reason: string;
    note: string;
    late: boolean;
    released_by: Id<"users">;
    reviewers: Id<"users">[];
    approval_round: number;
    decision_comment: string;
    former_no: string;
    copied_from: Id<"orders">;
    ship_to: string;
    wanted_on: Day;
    promised_on: Day;
    external_no: string;
    priced_on: Day;
    day_basis: "" | "captured" | "cursor" | "arrived";
    shown: unknown;
    disc_fen: number;
    accepted_total_fen: number;
    route_reasons: string[] | null;
    released: boolean;
    step_dept: string;
    step_due_at: Moment;
    step_told_at: Moment;
    confirmed_at: Moment;
    delivered_at: Moment;
    accepted_at: Moment;
    settled_at: Moment;
    cancelled_at: Moment;
    delivered_fen: number;
    returned_fen: number;
    paid_fen: number;
    on_time: "" | "yes" | "no";
    in_full: "" | "yes" | "no";
    accept_blob: Id<"blobs">;
    accepted_by: string;
}

/** A row of outreach_campaigns; phones read it. */
export interface OutreachCampaign {
    id: Id<"outreach_campaigns">;
    title: string;
    text: string;
    channel: "email" | "im" | "letter";
    tiers: unknown;
    by: Id<"users">;
    state: "draft" | "sent";
    sent_at: Moment;
    accounts: number;
    contacts: number;
    opted_out: number;
}

/** A row of own_companies; phones read it. */
export interface OwnCompany {
    id: Id<"own_companies">;
    name: string;
    tax_no: string;
    aliases: string[] | null;
    active: boolean;
}

/** A row of payees; phones read it. */
export interface Payee {
    id: Id<"payees">;
    kind: "employee" | "supplier" | "customer";
    user: Id<"users">;
    account: Id<"accounts">;
    name: string;
    bank: string;
    masked: string;
    active: boolean;
}

/** A row of payments; phones read it. */
export interface Payment {
    id: Id<"payments">;
    run: Id<"payment_runs">;
    seq: number;
    kind: "claim" | "advance" | "return";
    claim: Id<"expense_claims">;
    advance: Id<"advances">;
    owner: Id<"users">;
    dept: Id<"departments">;
    payee: Id<"payees">;
    payee_name: string;
    payee_account: string;
    masked: string;
    amount_fen: number;
    cleared_fen: number;
    state: "planned" | "sent" | "paid" | "failed" | "reversed";
    voucher_no: string;
    bank_ref: string;
    reason: string;
    paid_by: Id<"users">;
    paid_at: Moment;
    reversal_by: Id<"users">;
    reversal_reason: string;
    reversed_by: Id<"users">;
    reversed_at: Moment;
    reversal_voucher_no: string;
    owed: boolean;
    back_by: Id<"users">;
    back_at: Moment;
    back_ref: string;
    back_voucher_no: string;
}

/** A row of penalties; phones read and write it. */
export interface Penalty {
    id: Id<"penalties">;
    owner: Id<"users">;
    dept: Id<"departments">;
    finding: Id<"audit_findings">;
    kind: "deduction" | "repayment";
    month: string;
    points: number;
    amount_fen: number;
    repaid_fen: number;
    payments: Repayment[] | null;
    due: Day;
    state: "open" | "settled" | "waived";
    settled_at: Moment;
    reason: string;
    told_at: Moment;
}

/** A row of plan_items; phones read and write it. */
export interface PlanItem {
    id: Id<"plan_items">;
    visit_plan: Id<"visit_plans">;
    monthly_plan: Id<"monthly_plans">;
    owner: Id<"users">;
    manager: Id<"users">;
    dept: Id<"departments">;
    month: string;
    kind: "visit" | "activity" | "order" | "task";
    account: Id<"accounts">;
    title: string;
    qty: number;
    dates: string[] | null;
    done: number;
    state: "open" | "done" | "missed" | "dropped";
    change_note: string;
    changed_at: Moment;
    cause_code: "" | "customer" | "workload" | "stock" | "price" | "competition" | "sick" | "travel" | "priority" | "other";
    cause_note: string;
    action: Id<"improvement_actions">;
    explained_at: Moment;
}

/** A row of plan_progress; phones read and write it. */
export interface PlanProgressRow {
    id: Id<"plan_progress">;
    item: Id<"plan_items">;
    owner: Id<"users">;
    manager: Id<"users">;
    dept: Id<"departments">;
    qty: number;
    note: string;
    at: Moment;
}

/** A row of policy_acks; phones read and write it. */
export interface PolicyAck {
    id: Id<"policy_acks">;
    doc: Id<"policy_docs">;
    user: Id<"users">;
    manager: Id<"users">;
    dept: Id<"departments">;
    version: string;
    ack_at: Moment;
}

/** A row of policy_docs; phones read it. */
export interface PolicyDoc {
    id: Id<"policy_docs">;
    code: string;
    name: string;
    version: string;
    summary: string;
    effective_from: Day;
    state: "draft" | "published" | "withdrawn";
    file: string;
    sha256: string;
    published_at: Moment;
    ack_due: Day;
    reminded_at: Moment;
}

/** A row of preapprovals; phones read and write it. */
export interface Preapproval {
    id: Id<"preapprovals">;
    owner: Id<"users">;
    manager: Id<"users">;
    dept: Id<"departments">;
    kind: "entertainment" | "gift" | "activity" | "trip";
    category: Id<"expense_categories">;
    account: Id<"accounts">;
    reason: string;
    attendees: Attendee[] | null;
    day: Day;
    to_day: Day;
    planned_fen: number;
    emergency: boolean;
    consent_by: Id<"users">;
    consent_at: Moment;
    paper_due: Day;
    paper_told_at: Moment;
    state: "draft" | "submitted" | "approved" | "returned" | "rejected" | "used" | "closed" | "expired";
    node: Id<"budget_nodes">;
    used_fen: number;
    left_fen: number;
    draws: Record<string, number> | null;
    expires_on: Day;
    closed_at: Moment;
    budget_levels: unknown;
    reviewers: Id<"users">[];
    approval_round: number;
    submitted_at: Moment;
    decision_comment: string;
}

/** A row of price_items; phones read it. */
export interface PriceItem {
    id: Id<"price_items">;
    list: Id<"price_lists">;
    product: Id<"products">;
    account: Id<"accounts">;
    dept: Id<"departments">;
    price_fen: number;
    min_qty_milli: number;
    unit: string;
}

/** A row of price_lists; phones read it. */
export interface PriceList {
    id: Id<"price_lists">;
    name: string;
    scope: "default" | "tier" | "account" | "contract";
    tier: "" | "A" | "B" | "C";
    account: Id<"accounts">;
    dept: Id<"departments">;
    valid_from: Day;
    valid_to: Day;
    active: boolean;
    contract: Id<"contracts">;
    tax_included: boolean;
}

/** A row of product_costs; phones read it. */
export interface ProductCost {
    id: Id<"product_costs">;
    product: Id<"products">;
    cost_fen: number;
    from_date: Day;
}

/** A row of product_request_values; phones read it. */
export interface ProductRequestValue {
    id: Id<"product_request_values">;
    request: Id<"product_requests">;
    account: Id<"accounts">;
    dept: Id<"departments">;
    revenue_fen: number;
    as_of: Day;
}

/** A row of product_requests; phones read and write it. */
export interface ProductRequest {
    id: Id<"product_requests">;
    owner: Id<"users">;
    manager: Id<"users">;
    dept: Id<"departments">;
    to_dept: Id<"departments">;
    account: Id<"accounts">;
    product: Id<"products">;
    need: string;
    priority: "" | "low" | "normal" | "high";
    source: string;
    state: "new" | "reviewing" | "planned" | "done" | "declined";
    version_promised: string;
    handled_by: Id<"users">;
    answer: string;
    wish: "" | "low" | "normal" | "high";
    rank: number;
    asking: number;
    promised_on: Day;
    overdue: boolean;
    told_at: Moment;
    told_note: string;
    told: Id<"communications">;
}

/** A row of product_units; phones read it. */
export interface ProductUnit {
    id: Id<"product_units">;
    product: Id<"products">;
    unit: string;
    factor_milli: number;
    barcode: string;
}

/** A row of products; phones read it. */
export interface Product {
    id: Id<"products">;
    sku: string;
    name: string;
    spec: string;
    unit: string;
    pack: number;
    tax_bp: number;
    category: string;
    status: "" | "active" | "stopped";
    min_qty_milli: number;
    step_milli: number;
}

/** A row of promo_plans; phones read and write it. */
export interface PromoPlan {
    id: Id<"promo_plans">;
    owner: Id<"users">;
    manager: Id<"users">;
    dept: Id<"departments">;
    name: string;
    from_date: Day;
    to_date: Day;
    accounts: Id<"accounts">[];
    depts: Id<"departments">[];
    products: Id<"products">[];
    year: string;
    goal: string;
    tiers: ("A" | "B" | "C")[];
    planned_fen: number;
    state: "draft" | "submitted" | "approved" | "returned" | "rejected" | "closed";
    outcome: string;
    closed_at: Moment;
    reviewers: Id<"users">[];
    approval_round: number;
    submitted_at: Moment;
    decision_comment: string;
}

/** A row of promotions; phones read it. */
export interface Promotion {
    id: Id<"promotions">;
    code: string;
    name: string;
    valid_from: Day;
    valid_to: Day;
    active: boolean;
    priority: number;
    exclusive_group: string;
    stackable: boolean;
    accounts: Id<"accounts">[];
    tiers: ("A" | "B" | "C")[];
    rule: Rule | null;
    cap_fen: number;
    cap_milli: number;
    used_fen: number;
    used_milli: number;
}

/** A row of rebate_accruals; phones read it. */
export interface RebateAccrual {
    id: Id<"rebate_accruals">;
    term: Id<"rebate_terms">;
    account: Id<"accounts">;
    dept: Id<"departments">;
    period: string;
    base_fen: number;
    rate_bp: number;
    accrued_fen: number;
    state: "open" | "closed" | "settled";
    deduction: Id<"deductions">;
    settled_at: Moment;
    settled_by: Id<"users">;
    voucher_no: string;
}

/** A row of rebate_terms; phones read it. */
export interface RebateTerm {
    id: Id<"rebate_terms">;
    account: Id<"accounts">;
    dept: Id<"departments">;
    name: string;
    period: "month" | "quarter" | "year";
    valid_from: Day;
    valid_to: Day;
    tiers: RebateTier[] | null;
    settle: "deduction" | "payment";
    active: boolean;
    contract: Id<"contracts">;
}

/** A row of receipt_allocations; phones read it. */
export interface ReceiptAllocation {
    id: Id<"receipt_allocations">;
    account: Id<"accounts">;
    dept: Id<"departments">;
    credit: Id<"account_entries">;
    debit: Id<"account_entries">;
    amount_fen: number;
    at: Moment;
    by: Id<"users">;
}

/** A row of receipts; phones read and write it. */
export interface Receipt {
    id: Id<"receipts">;
    account: Id<"accounts">;
    owner: Id<"users">;
    manager: Id<"users">;
    dept: Id<"departments">;
    amount_fen: number;
    method: "transfer" | "cash" | "cheque" | "acceptance" | "other";
    received_on: Day;
    payer: string;
    reference: string;
    paper: Id<"blobs">;
    note: string;
    state: "reported" | "confirmed" | "rejected" | "reversed";
    open_fen: number;
    decided_by: Id<"users">;
    decided_at: Moment;
    reason: string;
}

/** A row of return_lines; phones read and write it. */
export interface ReturnLine {
    id: Id<"return_lines">;
    account: Id<"accounts">;
    owner: Id<"users">;
    manager: Id<"users">;
    dept: Id<"departments">;
    return_doc: Id<"returns">;
    line: Id<"order_lines">;
    product: Id<"products">;
    qty_milli: number;
    lot: string;
    line_fen: number;
    tax_fen: number;
    promo_fen: number;
    amount_fen: number;
    released: boolean;
    note: string;
}

/** A row of returns; phones read and write it. */
export interface Return {
    id: Id<"returns">;
    account: Id<"accounts">;
    owner: Id<"users">;
    manager: Id<"users">;
    dept: Id<"departments">;
    order: Id<"orders">;
    no: string;
    kind: "return" | "exchange";
    cause: "damaged" | "expired" | "wrong" | "unsold" | "other";
    photos: Id<"blobs">[];
    note: string;
    state: "draft" | "requested" | "approved" | "rejected" | "returned" | "cancelled";
    amount_fen: number;
    released: boolean;
    requested_at: Moment;
    decided_by: Id<"users">;
    decided_at: Moment;
    reason: string;
    returned_at: Moment;
    exchange: Id<"orders">;
    gift_due: Kept[] | null;
    gift_fen: number;
}

/** A row of scoring_models; phones read it. */
export interface ScoringModel {
    id: Id<"scoring_models">;
    name: string;
    version: number;
    criteria: unknown;
    threshold_bp: number;
    bands: unknown;
    active: boolean;
    subject: "account" | "opportunity";
}

/** A row of service_channels; phones read and write it. */
export interface ServiceChannel {
    id: Id<"service_channels">;
    account: Id<"accounts">;
    dept: Id<"departments">;
    owner: Id<"users">;
    deputy: Id<"users">;
    kind: "phone" | "im" | "email" | "portal";
    address: string;
    hours: "office" | "always";
    active: boolean;
    note: string;
}

/** A row of service_evaluations; phones read and write it. */
export interface ServiceEvaluation {
    id: Id<"service_evaluations">;
    account: Id<"accounts">;
    dept: Id<"departments">;
    owner: Id<"users">;
    quarter: string;
    standard: Id<"service_standards">;
    parts: Part[] | null;
    missing: string[] | null;
    scored: boolean;
    score_bp: number;
    findings: string;
    result: "" | "good" | "fair" | "improve";
    actions: Id<"improvement_actions">[];
    state: "open" | "evaluated" | "closed";
    due: Day;
    evaluated_by: Id<"users">;
    evaluated_at: Moment;
    closed_by: Id<"users">;
    closed_at: Moment;
}

/** A row of service_standards; phones read and write it. */
export interface ServiceStandard {
    id: Id<"service_standards">;
    name: string;
    version: number;
    from_date: Day;
    levels: Record<string, Level> | null;
    processes: string;
    file: string;
    state: "draft" | "in_force" | "replaced";
    put_by: Id<"users">;
    put_at: Moment;
}

/** A row of settings; phones read it. */
export interface Setting {
    id: Id<"settings">;
    key: string;
    value: unknown;
    clause: string;
    note: string;
    secret: boolean;
    effective_from: Day;
    version: number;
    history: unknown;
}

/** A row of statements; phones read and write it. */
export interface Statement {
    id: Id<"statements">;
    account: Id<"accounts">;
    owner: Id<"users">;
    manager: Id<"users">;
    dept: Id<"departments">;
    month: string;
    opening_fen: number;
    delivered_fen: number;
    returned_fen: number;
    received_fen: number;
    deducted_fen: number;
    closing_fen: number;
    entries: number;
    sha256: string;
    state: "issued" | "confirmed" | "disputed";
    issued_at: Moment;
    answered_by: string;
    answered_at: Moment;
    reason: string;
    paper: Id<"blobs">;
}

/** A row of store_checks; phones read and write it. */
export interface StoreCheck {
    id: Id<"store_checks">;
    visit: Id<"visits">;
    account: Id<"accounts">;
    owner: Id<"users">;
    manager: Id<"users">;
    dept: Id<"departments">;
    product: Id<"products">;
    facings: number;
    stock_milli: number;
    price_fen: number;
    promo_ok: boolean;
    out_of_stock: boolean;
    competitor: unknown;
    note: string;
    at: Moment;
    late: boolean;
}

/** A row of support_requests; phones read and write it. */
export interface SupportRequest {
    id: Id<"support_requests">;
    owner: Id<"users">;
    manager: Id<"users">;
    dept: Id<"departments">;
    to_dept: Id<"departments">;
    kind: "resource" | "marketing" | "technical" | "logistics" | "finance" | "legal" | "complaint" | "other";
    account: Id<"accounts">;
    ref_collection: string;
    ref: string;
    text: string;
    source: string;
    state: "open" | "accepted" | "answered" | "refused" | "closed" | "withdrawn";
    due: Moment;
    answer: string;
    answered_by: Id<"users">;
    answered_at: Moment;
    first_response_at: Moment;
    overdue: boolean;
}

/** A row of survey_answers; phones read and write it. */
export interface SurveyAnswer {
    id: Id<"survey_answers">;
    survey: Id<"surveys">;
    owner: Id<"users">;
    manager: Id<"users">;
    dept: Id<"departments">;
    account: Id<"accounts">;
    visit: Id<"visits">;
    answers: unknown;
    at: Moment;
}

/** A row of surveys; phones read and write it. */
export interface Survey {
    id: Id<"surveys">;
    title: string;
    questions: unknown;
    from: Day;
    to: Day;
    active: boolean;
}

/** A row of sync_issues; phones read and write it. */
export interface SyncIssue {
    id: Id<"sync_issues">;
    user: Id<"users">;
    manager: Id<"users">;
    dept: Id<"departments">;
    device: Id<"sync_devices">;
    n: number;
    mutation: string;
    kind: "rejected" | "conflict" | "held" | "quarantined";
    collection: string;
    record: string;
    code: string;
    params: unknown;
    fields: unknown;
    field: string;
    ancestor: unknown;
    mine: unknown;
    theirs: unknown;
    resolution: string;
    policy: string;
    payload: unknown;
    state: "open" | "acknowledged" | "resubmitted" | "discarded" | "chosen";
    resolver: Id<"users">;
    resolved_at: Moment;
    reason: string;
    answer: unknown;
    attempts: unknown;
    kept_at: Moment;
    times: number;
}

/** A row of target_letters; phones read and write it. */
export interface TargetLetter {
    id: Id<"target_letters">;
    subject: Id<"users">;
    superior: Id<"users">;
    dept: Id<"departments">;
    year: string;
    version: number;
    terms: string;
    state: "draft" | "sent" | "signed" | "effective" | "void" | "superseded";
    snapshot: unknown;
    sha256: string;
    sent_by: Id<"users">;
    sent_at: Moment;
    signed_at: Moment;
    signed_device: string;
    signed_clock: string;
    signed_sha256: string;
    signed_blob: Id<"blobs">;
    countersigned_at: Moment;
    countersigned_device: string;
    countersigned_clock: string;
    countersigned_sha256: string;
    countersigned_blob: Id<"blobs">;
    effective_at: Moment;
    ended_at: Moment;
    reason: string;
    amends: Id<"target_letters">;
}

/** A row of target_progress; phones read it. */
export interface TargetProgressRow {
    id: Id<"target_progress">;
    target: Id<"targets">;
    owner: Id<"users">;
    manager: Id<"users">;
    dept: Id<"departments">;
    told: "all" | "percent" | "none";
    actual: number;
    months: number[] | null;
    attainment_bp: number;
    days_left: number;
    needed_per_day: number;
    month_days_left: number;
    needed_of_month: number;
    as_of: Day;
}

/** A row of targets; phones read and write it. */
export interface Target {
    id: Id<"targets">;
    level: "dept" | "manager" | "rep" | "account";
    owner: Id<"users">;
    manager: Id<"users">;
    dept: Id<"departments">;
    metric: "amount" | "volume" | "profit" | "new_ka" | "csat";
    year: string;
    value: number;
    quarters: unknown;
    months: unknown;
    basis_company: string;
    basis_market: string;
    basis_capability: string;
    state: "draft" | "issued" | "cascaded" | "cancelled";
    version: number;
    issued_by: Id<"users">;
    issued_at: Moment;
    reason: string;
    parent: Id<"targets">;
    account: Id<"accounts">;
    spread: "" | "even" | "weights" | "season" | "no_season";
}

/** A row of track_points; phones read and write it. */
export interface TrackPoint {
    id: Id<"track_points">;
    owner: Id<"users">;
    session: Id<"work_sessions">;
    at: Moment;
    lat: number;
    lng: number;
    acc_m: number;
    speed: number;
    moving: boolean;
    src_crs: "" | "wgs84" | "gcj02" | "bd09";
}

/** A row of training_keys; phones read and write it. */
export interface TrainingKey {
    id: Id<"training_keys">;
    training: Id<"trainings">;
    owner: Id<"users">;
    answers: Record<string, number[]> | null;
}

/** A row of training_records; phones read and write it. */
export interface TrainingRecord {
    id: Id<"training_records">;
    training: Id<"trainings">;
    user: Id<"users">;
    manager: Id<"users">;
    dept: Id<"departments">;
    trainer: Id<"users">;
    state: "invited" | "attended" | "submitted";
    attended: boolean;
    attended_at: Moment;
    score_bp: number;
    passed: boolean;
    tries: number;
    submitted_at: Moment;
    late: boolean;
}

/** A row of trainings; phones read and write it. */
export interface Training {
    id: Id<"trainings">;
    owner: Id<"users">;
    manager: Id<"users">;
    dept: Id<"departments">;
    title: string;
    kind: "product" | "skill" | "policy" | "service";
    note: string;
    departments: Id<"departments">[];
    roles: ("rep" | "ka_manager" | "dept_manager" | "market" | "product" | "service" | "finance" | "executive" | "reviewer" | "admin" | "auditor" | "ops")[];
    users: Id<"users">[];
    date: Day;
    place: string;
    material: Id<"blobs">;
    quiz: Question[] | null;
    pass_bp: number;
    quiz_due: Day;
    state: "draft" | "published" | "held" | "closed" | "cancelled";
    published_at: Moment;
    held_at: Moment;
    closed_at: Moment;
    reason: string;
}

/** A row of users; phones read it. */
export interface User {
    id: Id<"users">;
    name: string;
    emp_no: string;
    role: "rep" | "ka_manager" | "dept_manager" | "market" | "product" | "service" | "finance" | "executive" | "reviewer" | "admin" | "auditor" | "ops";
    department: Id<"departments">;
    manager: Id<"users">;
    active: boolean;
    phone: string;
    locale: "" | "zh" | "en";
    delegate_to: Id<"users">;
    delegate_from: Day;
    delegate_until: Day;
    hire_date: Day;
}

/** A row of value_services; phones read and write it. */
export interface ValueService {
    id: Id<"value_services">;
    account: Id<"accounts">;
    dept: Id<"departments">;
    kind: "training" | "consulting" | "research";
    date: Day;
    provider: Id<"departments">;
    content: string;
    result: string;
}

/** A row of visit_audits; phones read and write it. */
export interface VisitAudit {
    id: Id<"visit_audits">;
    visit: Id<"visits">;
    account: Id<"accounts">;
    owner: Id<"users">;
    manager: Id<"users">;
    dept: Id<"departments">;
    auditor: Id<"users">;
    task: string;
    state: "open" | "done" | "cancelled";
    findings: unknown;
    score: number;
    done_at: Moment;
}

/** A row of visit_feedback; phones read and write it. */
export interface VisitFeedbackRow {
    id: Id<"visit_feedback">;
    visit: Id<"visits">;
    account: Id<"accounts">;
    owner: Id<"users">;
    manager: Id<"users">;
    dept: Id<"departments">;
    text: string;
    theme: "quality" | "delivery" | "service" | "technical" | "product" | "price" | "competitor" | "promotion" | "payment" | "other";
    product: Id<"products">;
    target_dept: Id<"departments">;
    route: "" | "issue" | "support_request" | "product_request" | "intel";
    routed_to: string;
    routed_id: string;
    state: "routed" | "closed";
    late: boolean;
}

/** A row of visit_plans; phones read and write it. */
export interface VisitPlan {
    id: Id<"visit_plans">;
    owner: Id<"users">;
    manager: Id<"users">;
    dept: Id<"departments">;
    month: string;
    note: string;
    state: "draft" | "submitted" | "approved" | "returned" | "rejected";
    late: boolean;
    reviewers: Id<"users">[];
    approval_round: number;
    submitted_at: Moment;
    decision_comment: string;
}

/** A row of visit_steps; phones read and write it. */
export interface VisitStep {
    id: Id<"visit_steps">;
    visit: Id<"visits">;
    account: Id<"accounts">;
    owner: Id<"users">;
    dept: Id<"departments">;
    key: string;
    kind: "photo" | "form" | "note" | "order" | "signature";
    answer: unknown;
    done_at: Moment;
    late: boolean;
    released_by: Id<"users">;
}

/** A row of visit_templates; phones read it. */
export interface VisitTemplate {
    id: Id<"visit_templates">;
    name: string;
    tier: "" | "A" | "B" | "C";
    visit_type: "" | "planned" | "unplanned" | "joint" | "audit" | "phone";
    steps: TemplateStep[] | null;
    active: boolean;
    prep_required: boolean;
}

/** A row of visits; phones read and write it. */
export interface Visit {
    id: Id<"visits">;
    account: Id<"accounts">;
    owner: Id<"users">;
    manager: Id<"users">;
    dept: Id<"departments">;
    template: Id<"visit_templates">;
    type: "planned" | "unplanned" | "joint" | "audit" | "phone";
    planned_date: Day;
    state: "draft" | "planned" | "approved" | "in_progress" | "checked_out" | "reported" | "accepted" | "questioned" | "cancelled" | "missed" | "auto_closed" | "void_fraud";
    objective: string;
    prep_note: string;
    in_at: Moment;
    in_lat: number;
    in_lng: number;
    in_acc_m: number;
    in_fixes: unknown;
    in_distance_m: number;
    in_result: "" | "inside" | "edge" | "outside" | "unknown";
    out_at: Moment;
    out_lat: number;
    out_lng: number;
    out_acc_m: number;
    dwell_s: number;
    summary: string;
    needs: string;
    result_code: string;
    next_step: string;
    next_date: Day;
    report_at: Moment;
    late_record: boolean;
    cancel_reason: string;
    photos_missing: number;
    received_at: Moment;
    late: boolean;
    released_by: Id<"users">;
    plan_item: Id<"plan_items">;
    prep_at: Moment;
    deviation_reason: string;
    companions: Id<"users">[];
    contacts_met: Id<"contacts">[];
    flags: string[] | null;
    in_src_crs: "" | "wgs84" | "gcj02" | "bd09";
    in_src_lat: number;
    in_src_lng: number;
    out_src_crs: "" | "wgs84" | "gcj02" | "bd09";
    out_src_lat: number;
    out_src_lng: number;
    clock: Record<string, VisitClock> | null;
    signals: unknown;
    device: string;
    risk_score: number;
    risk_reasons: RiskReason[] | null;
    sampled: boolean;
    asked_score: number;
    verdict: "" | "ok" | "doubtful" | "fraud";
    verdict_by: Id<"users">;
    verdict_at: Moment;
    verdict_note: string;
    answer: string;
    answered_at: Moment;
    void_by: Id<"users">;
    void_at: Moment;
    void_reason: string;
    counts: boolean;
    event_hash: string;
    prev_hash: string;
}

/** A row of work_reports; phones read and write it. */
export interface WorkReport {
    id: Id<"work_reports">;
    owner: Id<"users">;
    manager: Id<"users">;
    dept: Id<"departments">;
    kind: "day" | "week" | "month";
    period: string;
    auto: unknown;
    text: string;
    problems: string;
    next: string;
    comments: unknown;
    state: "draft" | "submitted";
    due_at: Moment;
    submitted_at: Moment;
    late: boolean;
}

/** A row of work_sessions; phones read and write it. */
export interface WorkSession {
    id: Id<"work_sessions">;
    owner: Id<"users">;
    manager: Id<"users">;
    dept: Id<"departments">;
    date: Day;
    start_at: Moment;
    start_lat: number;
    start_lng: number;
    start_acc_m: number;
    start_src_crs: "" | "wgs84" | "gcj02" | "bd09";
    end_at: Moment;
    end_lat: number;
    end_lng: number;
    end_acc_m: number;
    end_src_crs: "" | "wgs84" | "gcj02" | "bd09";
    odometer_start_m: number;
    odometer_end_m: number;
    distance_m: number;
    state: "open" | "closed" | "auto_closed";
    clock: unknown;
    received_at: Moment;
}

/** The rows that phones get, by collection. */
export interface Rows {
    account_assignments: AccountAssignment;
    account_change_requests: AccountChangeRequest;
    account_competitors: AccountCompetitor;
    account_coverage: AccountCoverageRow;
    account_credits: AccountCredit;
    account_entries: AccountEntry;
    account_handovers: AccountHandover;
    account_plans: AccountPlan;
    account_positions: AccountPosition;
    account_reviews: AccountReview;
    account_scorecards: AccountScorecard;
    account_stage_log: AccountStageEntry;
    accounts: Account;
    activities: Activity;
    activity_costs: ActivityCost;
    activity_results: ActivityResult;
    activity_returns: ActivityReturn;
    activity_tasks: ActivityTask;
    advances: Advance;
    annual_plans: AnnualPlan;
    appraisal_cycles: AppraisalCycle;
    appraisal_ratings: AppraisalRating;
    appraisal_schemes: AppraisalScheme;
    appraisals: Appraisal;
    approvals: Approval;
    assortments: Assortment;
    audit_findings: AuditFinding;
    blobs: Blob;
    budget_adjustments: BudgetAdjustment;
    budget_nodes: BudgetNode;
    budgets: Budget;
    business_reviews: BusinessReview;
    care_dates: CareDate;
    care_tasks: CareTask;
    case_events: CaseEvent;
    cases: Case;
    communications: Communication;
    competitors: Competitor;
    consents: Consent;
    contacts: Contact;
    contracts: Contract;
    cost_savings: CostSaving;
    deductions: Deduction;
    deliveries: Delivery;
    delivery_lines: DeliveryLine;
    departments: Department;
    expense_categories: ExpenseCategory;
    expense_claims: ExpenseClaim;
    expense_lines: ExpenseLine;
    expense_reviews: ExpenseReview;
    expense_rules: ExpenseRule;
    expense_shares: ExpenseShare;
    expense_uses: ExpenseUse;
    holidays: Holiday;
    improvement_actions: ImprovementAction;
    indicators: Indicator;
    intel_reports: IntelReport;
    invoices: Invoice;
    monthly_plans: MonthlyPlan;
    negotiations: Negotiation;
    notification_prefs: NotificationPref;
    notifications: Notification;
    opportunities: Opportunity;
    opportunity_stage_log: OpportunityStageEntry;
    order_events: OrderEvent;
    order_lines: OrderLine;
    orders: Order;
    outreach_campaigns: OutreachCampaign;
    own_companies: OwnCompany;
    payees: Payee;
    payments: Payment;
    penalties: Penalty;
    plan_items: PlanItem;
    plan_progress: PlanProgressRow;
    policy_acks: PolicyAck;
    policy_docs: PolicyDoc;
    preapprovals: Preapproval;
    price_items: PriceItem;
    price_lists: PriceList;
    product_costs: ProductCost;
    product_request_values: ProductRequestValue;
    product_requests: ProductRequest;
    product_units: ProductUnit;
    products: Product;
    promo_plans: PromoPlan;
    promotions: Promotion;
    rebate_accruals: RebateAccrual;
    rebate_terms: RebateTerm;
    receipt_allocations: ReceiptAllocation;
    receipts: Receipt;
    return_lines: ReturnLine;
    returns: Return;
    scoring_models: ScoringModel;
    service_channels: ServiceChannel;
    service_evaluations: ServiceEvaluation;
    service_standards: ServiceStandard;
    settings: Setting;
    statements: Statement;
    store_checks: StoreCheck;
    support_requests: SupportRequest;
    survey_answers: SurveyAnswer;
    surveys: Survey;
    sync_issues: SyncIssue;
    target_letters: TargetLetter;
    target_progress: TargetProgressRow;
    targets: Target;
    track_points: TrackPoint;
    training_keys: TrainingKey;
    training_records: TrainingRecord;
    trainings: Training;
    users: User;
    value_services: ValueService;
    visit_audits: VisitAudit;
    visit_feedback: VisitFeedbackRow;
    visit_plans: VisitPlan;
    visit_steps: VisitStep;
    visit_templates: VisitTemplate;
    visits: Visit;
    work_reports: WorkReport;
    work_sessions: WorkSession;
}

/** The collections that phones write too. */
export type Written =
    | "account_change_requests"
    | "account_competitors"
    | "account_coverage"
    | "account_handovers"
    | "account_plans"
    | "account_positions"
    | "account_reviews"
    | "account_scorecards"
    | "accounts"
    | "activities"
    | "activity_costs"
    | "activity_results"
    | "activity_tasks"
    | "advances"
    | "annual_plans"
    | "appraisal_cycles"
    | "appraisal_ratings"
    | "appraisal_schemes"
    | "appraisals"
    | "approvals"
    | "assortments"
    | "audit_findings"
    | "blobs"
    | "budget_adjustments"
    | "budget_nodes"
    | "budgets"
    | "business_reviews"
    | "care_dates"
    | "care_tasks"
    | "case_events"
    | "cases"
    | "communications"
    | "competitors"
    | "consents"
    | "contacts"
    | "contracts"
    | "cost_savings"
    | "deductions"
    | "deliveries"
    | "delivery_lines"
    | "expense_claims"
    | "expense_lines"
    | "expense_reviews"
    | "expense_shares"
    | "expense_uses"
    | "improvement_actions"
    | "intel_reports"
    | "invoices"
    | "monthly_plans"
    | "negotiations"
    | "notification_prefs"
    | "notifications"
    | "opportunities"
    | "order_lines"
    | "orders"
    | "penalties"
    | "plan_items"
    | "plan_progress"
    | "policy_acks"
    | "preapprovals"
    | "product_requests"
    | "promo_plans"
    | "receipts"
    | "return_lines"
    | "returns"
    | "service_channels"
    | "service_evaluations"
    | "service_standards"
    | "statements"
    | "store_checks"
    | "support_requests"
    | "survey_answers"
    | "surveys"
    | "sync_issues"
    | "target_letters"
    | "targets"
    | "track_points"
    | "training_keys"
    | "training_records"
    | "trainings"
    | "value_services"
    | "visit_audits"
    | "visit_feedback"
    | "visit_plans"
    | "visit_steps"
    | "visits"
    | "work_reports"
    | "work_sessions";

/** The arguments of the actions; what a step wants of them, its guards say. */
export interface ActionArgs {
    "account_assignments.cancel": None;
    "account_change_requests.accept": None;
    "account_change_requests.refuse": { reason?: string };
    "account_coverage.grant": { note?: string };
    "account_coverage.refuse": { note?: string };
    "account_coverage.request": { reason?: string };
    "account_handovers.cancel": None;
    "account_handovers.check": { item?: string };
    "account_handovers.complete": None;
    "account_handovers.sign": None;
    "account_positions.confirm": None;
    "account_positions.refuse": { reason?: string };
    "account_reviews.submit": None;
    "account_reviews.withdraw": None;
    "account_scorecards.admit": { reason?: string };
    "account_scorecards.submit": None;
    "account_scorecards.withdraw": None;
    "accounts.advance": { note?: string };
    "accounts.drop": { note?: string };
    "accounts.issue_statement": { month?: string };
    "accounts.lose": { note?: string };
    "accounts.propose_place": { lat?: number; lng?: number; acc_m?: number; crs?: string };
    "accounts.reopen": { note?: string };
    "accounts.rest": { note?: string };
    "activities.assign": { owner?: Id<"users"> };
    "activities.cancel": { reason?: string };
    "activities.close": None;
    "activities.submit": None;
    "activities.withdraw": None;
    "activity_tasks.drop": { reason?: string };
    "activity_tasks.finish": { note?: string };
    "advances.cancel": None;
    "advances.give_back": { fen?: number; ref?: string };
    "advances.submit": None;
    "advances.withdraw": None;
    "annual_plans.submit": None;
    "annual_plans.withdraw": None;
    "appraisal_cycles.advance": None;
    "appraisal_cycles.payroll": None;
    "appraisal_cycles.publish": None;
    "appraisal_cycles.settle": None;
    "appraisal_ratings.submit": None;
    "appraisal_schemes.publish": None;
    "appraisal_schemes.retire": None;
    "appraisals.appeal": { reason?: string };
    "appraisals.calibrate": { points?: string; reason?: string };
    "appraisals.confirm": { agreed?: boolean; at?: Moment; clock?: ClockEvidence };
    "appraisals.decide": { reason?: string; score?: string; lifted?: string[] };
    "appraisals.discuss": { note?: string };
    "appraisals.interview": { note?: string };
    "appraisals.reopen": { reason?: string; score?: string; lifted?: string[] };
    "appraisals.republish": None;
    "approvals.approve": { comment?: string; data?: unknown };
    "approvals.reject": { comment?: string; data?: unknown };
    "approvals.return": { comment?: string; data?: unknown };
    "audit_findings.answer": { text?: string };
    "audit_findings.confirm": None;
    "audit_findings.dismiss": { reason?: string };
    "blobs.hold": { reason?: string };
    "blobs.release": None;
    "budget_adjustments.cancel": None;
    "budget_adjustments.submit": None;
    "budget_adjustments.withdraw": None;
    "budgets.cancel": { reason?: string };
    "budgets.close": None;
    "budgets.hand_over": { from?: Id<"users">; to?: Id<"users"> };
    "budgets.recount": None;
    "budgets.submit": None;
    "budgets.withdraw": None;
    "business_reviews.complete": None;
    "care_tasks.finish": { action?: string; gift_value_fen?: number; note?: string };
    "care_tasks.skip": { action?: string; gift_value_fen?: number; note?: string };
    "cases.acknowledge": { note?: string; cause?: string; solution?: string; contact?: string; into?: string; action?: string };
    "cases.attribute": { fault?: string; responsible?: Id<"users">; note?: string };
    "cases.close": { note?: string; cause?: string; solution?: string; contact?: string; into?: string; action?: string };
    "cases.confirm": { note?: string; cause?: string; solution?: string; contact?: string; into?: string; action?: string };
    "cases.merge": { note?: string; cause?: string; solution?: string; contact?: string; into?: string; action?: string };
    "cases.reopen": { note?: string; cause?: string; solution?: string; contact?: string; into?: string; action?: string };
    "cases.resolve": { note?: string; cause?: string; solution?: string; contact?: string; into?: string; action?: string };
    "cases.resume": { note?: string; cause?: string; solution?: string; contact?: string; into?: string; action?: string };
    "cases.route": { dept?: string; owner?: string };
    "cases.start": { note?: string; cause?: string; solution?: string; contact?: string; into?: string; action?: string };
    "cases.wait": { note?: string; cause?: string; solution?: string; contact?: string; into?: string; action?: string };
    "commission_plans.publish": None;
    "communications.reply": { at?: Moment };
    "consents.withdraw": None;
    "contacts.forget": { reason?: string };
    "contracts.renew": { reason?: string; next?: Id<"contracts"> };
    "contracts.send": { reason?: string; next?: Id<"contracts"> };
    "contracts.sign": { reason?: string; next?: Id<"contracts"> };
    "contracts.submit": None;
    "contracts.terminate": { reason?: string; next?: Id<"contracts"> };
    "contracts.withdraw": None;
    "cost_savings.confirm": None;
    "cost_savings.decline": { reason?: string };
    "deductions.accept": None;
    "deductions.reject": { reason?: string };
    "deliveries.cancel": { reason?: string };
    "deliveries.deliver": {
        lines?: { line: Id<"delivery_lines">; accepted_milli?: number; lot: string }[];
        quality?: string;
        quality_note?: string;
        signed_by?: string;
        signed_blob?: Id<"blobs">;
        delivered_at?: Moment;
        clock?: ClockEvidence;
    };
    "deliveries.dispatch": { at?: Moment; clock?: ClockEvidence; carrier?: string; tracking_no?: string };
    "deliveries.refuse": { reason?: string };
    "departments.appoint": {
        user?: Id<"users">;
        former?: "rep" | "ka_manager" | "dept_manager" | "market" | "product" | "service" | "finance" | "executive" | "reviewer" | "admin" | "auditor" | "ops";
    };
    "development_actions.cancel": { result?: string };
    "development_actions.finish": { result?: string };
    "development_actions.plan": { title?: string; due?: string };
    "dispatches.retry": None;
    "expense_claims.archive": None;
    "expense_claims.ask_reversal": { reason?: string };
    "expense_claims.cancel": None;
    "expense_claims.drop_reversal": None;
    "expense_claims.reverse": None;
    "expense_claims.submit": { special?: boolean; reason?: string };
    "expense_claims.withdraw": None;
    "honors.publish": None;
    "honors.withdraw": { reason?: string };
    "improvement_actions.cancel": { comment?: string };
    "improvement_actions.done": { result?: string };
    "improvement_actions.reopen": { comment?: string };
    "improvement_actions.verify": { comment?: string };
    "incentive_results.approve": None;
    "incentive_results.pay": { day?: string };
    "intel_reports.acknowledge": { answer?: string; reason?: string; version?: string; note?: string };
    "intel_reports.score": { value?: number; note?: string };
    "invoices.check": { verdict?: string; note?: string };
    "invoices.release": None;
    "invoices.repaid": { note?: string };
    "invoices.restore": None;
    "message_lanes.resume": None;
    "monthly_plans.submit": None;
    "monthly_plans.withdraw": None;
    "opportunities.advance": { reason?: string; code?: string; order?: Id<"orders">; contract?: Id<"contracts"> };
    "opportunities.confirm": { reason?: string; code?: string; order?: Id<"orders">; contract?: Id<"contracts"> };
    "opportunities.decide": { decision?: "" | "go" | "no_go"; note?: string };
    "opportunities.lose": { reason?: string; code?: string; order?: Id<"orders">; contract?: Id<"contracts"> };
    "opportunities.resume": { reason?: string; code?: string; order?: Id<"orders">; contract?: Id<"contracts"> };
    "opportunities.return": { reason?: string; code?: string; order?: Id<"orders">; contract?: Id<"contracts"> };
    "opportunities.suspend": { reason?: string; code?: string; order?: Id<"orders">; contract?: Id<"contracts"> };
    "opportunities.win": { reason?: string; code?: string; order?: Id<"orders">; contract?: Id<"contracts"> };
    "orders.accept": { name?: string; blob?: Id<"blobs"> };
    "orders.cancel": { reason?: string };
    "orders.close_short": { reason?: string };
    "orders.confirm": { promised_on?: string; external_no?: string; note?: string };
    "orders.copy": { id?: Id<"orders">; no?: string };
    "orders.release": { reason?: string };
    "orders.submit": { accept_total_fen?: number; at?: Moment; clock?: ClockEvidence };
    "orders.withdraw": None;
    "outreach_campaigns.send": None;
    "payee_changes.cancel": None;
    "payee_changes.confirm": None;
    "payee_changes.refuse": { reason?: string };
    "payment_runs.answer": { file?: string; encoding?: string };
    "payment_runs.cancel": None;
    "payment_runs.close": None;
    "payment_runs.compare": { note?: string };
    "payment_runs.export": { encoding?: string };
    "payment_runs.plan": { claims?: Id<"expense_claims">[]; advances?: Id<"advances">[] };
    "payment_runs.take_up": { no?: string; payments?: LostPayment[] };
    "payments.ask_reversal": { reason?: string };
    "payments.came_back": { ref?: string };
    "payments.drop_reversal": None;
    "payments.reverse": None;
    "penalties.repay": { fen?: number; day?: string; note?: string };
    "penalties.waive": { reason?: string };
    "plan_items.drop": { reason?: string };
    "plan_items.explain": { cause_code?: string; note?: string; improvement?: string; improve_by?: string };
    "policy_docs.publish": None;
    "policy_docs.withdraw": None;
    "preapprovals.close": None;
    "preapprovals.submit": None;
    "preapprovals.withdraw": None;
    "product_requests.decline": { answer?: string; reason?: string; version?: string; note?: string };
    "product_requests.finish": { answer?: string; reason?: string; version?: string; note?: string };
    "product_requests.promise": { answer?: string; reason?: string; version?: string; note?: string; promised_on?: string };
    "product_requests.review": { answer?: string; reason?: string; version?: string; note?: string };
    "product_requests.tell_customer": {
        contact?: Id<"contacts">;
        note?: string;
        channel?: "phone" | "email" | "im" | "visit" | "meeting" | "letter";
        at?: Moment;
        clock?: ClockEvidence;
    };
    "promo_plans.assign": { owner?: Id<"users"> };
    "promo_plans.close": { outcome?: string };
    "promo_plans.submit": None;
    "promo_plans.withdraw": None;
    "promotion_candidates.decline": { reason?: string };
    "promotion_candidates.promote": None;
    "rebate_accruals.settle": { voucher_no?: string };
    "receipts.confirm": { allocate?: { entry: Id<"account_entries">; amount_fen: number }[] };
    "receipts.reject": { reason?: string };
    "receipts.reverse": { reason?: string };
    "returns.approve": { reason?: string };
    "returns.cancel": { reason?: string };
    "returns.receive": { at?: Moment; clock?: ClockEvidence };
    "returns.reject": { reason?: string };
    "returns.request": None;
    "satisfaction_surveys.close": None;
    "satisfaction_surveys.draw": None;
    "service_evaluations.close": None;
    "service_evaluations.evaluate": { findings?: string; result?: string; actions?: Id<"improvement_actions">[] };
    "service_standards.enforce": None;
    "service_standards.withdraw": None;
    "statements.confirm": { answered_by?: string; reason?: string; paper?: Id<"blobs"> };
    "statements.dispute": { answered_by?: string; reason?: string; paper?: Id<"blobs"> };
    "support_requests.accept": { answer?: string; reason?: string; version?: string; note?: string };
    "support_requests.answer": { answer?: string; reason?: string; version?: string; note?: string };
    "support_requests.close": { answer?: string; reason?: string; version?: string; note?: string };
    "support_requests.refuse": { answer?: string; reason?: string; version?: string; note?: string };
    "support_requests.reopen": { answer?: string; reason?: string; version?: string; note?: string };
    "support_requests.withdraw": { answer?: string; reason?: string; version?: string; note?: string };
    "sync_devices.restore": { reason?: string };
    "sync_devices.revoke": { reason?: string };
    "sync_issues.acknowledge": None;
    "sync_issues.choose": { take?: string; value?: unknown };
    "sync_issues.discard": { reason?: string };
    "sync_issues.resubmit": {
        set?: Record<string, unknown>;
        inc?: Record<string, unknown>;
        add?: Record<string, unknown>;
        remove?: Record<string, unknown>;
        args?: Record<string, unknown>;
        drop?: string[];
        base?: unknown;
    };
    "target_letters.countersign": { sha256?: string; signature?: Id<"blobs">; at?: Moment; clock?: ClockEvidence };
    "target_letters.send": None;
    "target_letters.sign": { sha256?: string; signature?: Id<"blobs">; at?: Moment; clock?: ClockEvidence };
    "target_letters.void": { reason?: string };
    "targets.cancel": { reason?: string };
    "targets.cascade": None;
    "targets.issue": None;
    "targets.revise": { reason?: string };
    "targets.split": { by?: string; parts?: { owner: Id<"users">; account: Id<"accounts">; weight: number }[]; over_bp?: number };
    "targets.spread": { by?: string; weights?: number[] };
    "training_records.attend": { at?: Moment; clock?: ClockEvidence };
    "training_records.submit": { at?: Moment; clock?: ClockEvidence; answers?: Record<string, number[]> };
    "trainings.cancel": { reason?: string };
    "trainings.close": None;
    "trainings.hold": None;
    "trainings.publish": None;
    "users.delegate": { to?: Id<"users">; from?: string; until?: string };
    "visit_audits.cancel": None;
    "visit_audits.finish": { findings?: unknown; score?: number };
    "visit_plans.submit": None;
    "visit_plans.withdraw": None;
    "visits.accept": { note?: string };
    "visits.answer": { text?: string };
    "visits.cancel": { reason?: string };
    "visits.check_in": {
        at?: Moment;
        lat?: number;
        lng?: number;
        acc_m?: number;
        crs?: string;
        fixes?: { lat: number; lng: number; acc_m: number; at: string }[];
        clock?: ClockEvidence;
        signals?: DeviceSignals;
    };
    "visits.check_out": {
        at?: Moment;
        lat?: number;
        lng?: number;
        acc_m?: number;
        crs?: string;
        fixes?: { lat: number; lng: number; acc_m: number; at: string }[];
        clock?: ClockEvidence;
        signals?: DeviceSignals;
    };
    "visits.confirm_void": None;
    "visits.plan": None;
    "visits.question": { note?: string };
    "visits.refuse_void": { reason?: string };
    "visits.reopen": { reason?: string };
    "visits.report": {
        at?: Moment;
        clock?: ClockEvidence;
        summary?: string;
        needs?: string;
        result_code?: string;
        next_step?: string;
        next_date?: string;
        companions?: string[];
        contacts_met?: string[];
    };
    "visits.void": { reason?: string };
    "work_reports.comment": { text?: string };
    "work_reports.submit": { text?: string; problems?: string; next?: string };
    "work_sessions.end": {
        at?: Moment;
        clock?: ClockEvidence;
        lat?: number;
        lng?: number;
        acc_m?: number;
        crs?: string;
        odometer_m?: number;
    };
}

/** Attendee is somebody who took part. */
export interface Attendee {
    name: string;
    company?: string;
    side: string;
}

/** ChecklistItem is one thing that two people go through when accounts change hands. */
export interface ChecklistItem {
    item: string;
    /** who ticked it off */
    by?: string;
    at?: Moment;
}

/** ClockAnchor is the server's time as the server signed it for a device, with what the phone's own clocks said when it asked for it. */
export interface ClockAnchor {
    at: Moment;
    device?: string;
    sig?: string;
    boot_id?: string;
    elapsed_ms: number;
    /** by the phone's clock */
    device_at?: Moment;
}

/** ClockEvidence is what a phone says of its clocks with an event: the time since it was switched on, and when it last heard the server's time. All of it may be missing, and all of it but the anchor's time is the phone's word. */
export interface ClockEvidence {
    boot_id?: string;
    elapsed_ms?: number;
    server_anchor?: ClockAnchor;
}

/** DeviceSignals are what the phone says of itself: evidence, never proof. */
export interface DeviceSignals {
    mock?: boolean;
    rooted?: boolean;
    emulator?: boolean;
    developer?: boolean;
    /** train or air */
    travel?: string;
    wifi?: string[];
}

/** Gift is the rule that gave a line of free goods, but for its products, and what they would have cost. */
export interface Gift {
    rule: Rule;
    list?: string;
    item?: string;
    /** with tax; 0 if no list has a price of them */
    total_fen: number;
}

/** Given is what a promotion gives to a line. */
export interface Given {
    promotion: string;
    code: string;
    fen?: number;
    /** of own units that it covers, or gives */
    milli?: number;
}

/** Good is a product of a bundle. */
export interface Good {
    product: string;
    milli: number;
}

/** Hit is a rule that a line, or the claim as a whole, does not keep. */
export interface Hit {
    /** empty for the claim as a whole */
    line?: string;
    rule: string;
    version: number;
    code: string;
    severity: string;
    clause?: string;
    params?: Record<string, unknown>;
    /** what would keep it */
    pass?: string;
    /** it bounds an amount or a time: special approval may let it pass */
    limit?: boolean;
    /** the line's, as judged */
    reason?: string;
}

/** Kept are free goods that the customer has and does not earn with what he keeps of those that he paid. */
export interface Kept {
    line: string;
    product: string;
    /** in the line's unit */
    qty_milli: number;
    /** what they would have cost, with tax */
    fen: number;
}

/** Level is what a standard promises for cases of a level: minutes to the first response and to the solution, day and night or of the office hours. */
export interface Level {
    first_minutes: number;
    resolve_minutes: number;
    always: boolean;
}

/** LostPayment is a payment of a run that a restore lost, as the bank's file says: of a claim or of an advance. */
export interface LostPayment {
    seq: number;
    claim: string;
    advance: string;
    amount_fen: number;
}

/** Part is one of an evaluation: num of den were as promised. One of which nothing is known is missing and has no score. */
export interface Part {
    key: string;
    num: number;
    den: number;
    score_bp?: number;
    missing: boolean;
}

/** Point is where a band's line passes: x of the indicator's value, y points. JSON: [x, y]. */
export interface Point {
    : string;
    : string;
}

/** Question is one of a quiz. It does not say what is right. */
export interface Question {
    key: string;
    text: string;
    options: string[];
    /** several options may be right */
    multiple?: boolean;
}

/** RebateTier is the rate from an amount of net deliveries on. */
export interface RebateTier {
    from_fen: number;
    bp: number;
}

/** Repayment is one payment back. */
export interface Repayment {
    fen: number;
    day: string;
    by: string;
    note?: string;
}

/** RiskReason is one reason why a person should look at a visit or a photo. Code is a key of the settings below "risk."; Params fill its text. */
export interface RiskReason {
    code: string;
    points: number;
    params?: Record<string, unknown>;
}

/** Rounding is a figure of a line that was no whole fen. */
export interface Rounding {
    /** price, gross, discount or tax */
    of: string;
    /** to four digits */
    exact: string;
    fen: number;
}

/** Rule is what a promotion gives, for which of a basket's lines. It looks at the lines of each product on their own, with Mix at all together; how a quantity is split into lines or units makes no difference. Quantities are in products' own units, amounts are what is left of lines when the promotion's turn comes. */
export interface Rule {
    kind: string;
    /** without, all */
    products?: string[];
    mix?: boolean;
    /** bounds are inclusive, 0 is none */
    min_milli?: number;
    max_milli?: number;
    min_fen?: number;
    max_fen?: number;
    /** once for each minimum that is in it */
    repeat?: boolean;
    /** 0 is no bound */
    max_times?: number;
    bp?: number;
    off_fen?: number;
    buy_milli?: number;
    /** in GetUnit */
    get_milli?: number;
    get_product?: string;
    get_unit?: string;
    /** what steps count: qty or amount */
    by?: string;
    steps?: TierStep[];
    goods?: Good[];
    price_fen?: number;
}

/** TargetShare is what a target says of one month. */
export interface TargetShare {
    target: string;
    version: number;
    level: string;
    owner: string;
    metric: string;
    value: number;
}

/** TemplateStep is one step that a visit's template asks for. */
export interface TemplateStep {
    key: string;
    kind: string;
    required: boolean;
    /** least number of such steps, 0 counts as 1 */
    min: number;
}

/** TierStep is what a tier gives for the whole, once From is reached: one of the three. */
export interface TierStep {
    from: number;
    bp?: number;
    off_fen?: number;
    /** no own unit costs more than this */
    price_fen?: number;
}

/** VisitClock is what a visit keeps of the clock of one of its steps: what the phone said, and what it is worth. */
export interface VisitClock {
    boot_id?: string;
    elapsed_ms?: number;
    server_anchor?: ClockAnchor;
    /** as the phone said */
    at?: string;
    /** of the phone's clock against At */
    shift_s?: number;
    /** of ReadClock */
    grade: string;
    /** at its arrival */
    put?: boolean;
}

/** Why says where a line's figures come from. */
export interface Why {
    scope?: string;
    list?: string;
    item?: string;
    /** in their order */
    promotions?: Given[];
    rounding?: Rounding[];
    withheld?: Withheld[];
    /** of free goods */
    gift?: Gift;
}

/** Withheld is a gift that a line earned and the account may not have: its product is no longer sold, or not listed for it. */
export interface Withheld {
    promotion: string;
    code: string;
    product: string;
    /** the code by which a line of it would be refused */
    reason: string;
}

/** What somebody is to a row. */
export type Party =
    /** whose row it is */
    | "owner"
    /** asked the owner for it, and is not the owner */
    | "author"
    /** over the owner, and not the owner */
    | "superior"
    /** manages the row's or the account's department */
    | "head"
    /** who was asked, or is of the department that was */
    | "asked"
    /** responsible for the account */
    | "team"
    /** one of the two between whom something changes hands */
    | "side"
    /** of a role whose work it is, whoever made the row */
    | "office"
    /** who sees the row; the rule itself judges further */
    | "anybody";

/** A way from some states to another. */
export interface Step {
    readonly from: readonly string[];
    /** The state after it; none: it stays; several: the server chooses. */
    readonly to: readonly string[];
    /** Who takes it; nobody: the server alone. */
    readonly parties: readonly Party[];
    /** What else must hold, in the order in which it is asked. */
    readonly guards: readonly Code[];
}

/** The life of a collection's rows. */
export interface Machine {
    /** The field that holds the state. */
    readonly field: string;
    readonly states: readonly string[];
    /** In which people make a row, its usual one first. */
    readonly initial: readonly string[];
    /** In which people write the row itself. */
    readonly open: readonly string[];
    /** By action; of several steps the one holds whose states have the row's. */
    readonly actions: Readonly<Record<string, readonly Step[]>>;
}

/** The machines by collection. */
export const machines = {
    account_assignments: {
        field: "state",
        states: ["planned", "active", "ended", "cancelled"],
        initial: ["planned"],
        open: [],
        actions: {
            begin: [
                { from: ["planned"], to: ["active"], parties: [], guards: [] },
            ],
            cancel: [
                { from: ["planned"], to: ["cancelled"], parties: ["superior"], guards: [] },
            ],
            end: [
                { from: ["active"], to: ["ended"], parties: [], guards: [] },
            ],
            skip: [
                { from: ["planned"], to: ["cancelled"], parties: [], guards: [] },
            ],
        },
    },
    account_change_requests: {
        field: "state",
        states: ["open", "accepted", "refused"],
        initial: ["open"],
        open: ["open"],
        actions: {
            accept: [
                { from: ["open"], to: ["accepted"], parties: ["team"], guards: [] },
            ],
            refuse: [
                { from: ["open"], to: ["refused"], parties: ["team"], guards: [] },
            ],
        },
    },
    account_handovers: {
        field: "state",
        states: ["planned", "draining", "done", "cancelled"],
        initial: ["planned"],
        open: [],
        actions: {
            cancel: [
                { from: ["planned"], to: ["cancelled"], parties: ["superior"], guards: [] },
            ],
            check: [
                { from: ["planned", "draining", "done"], to: [], parties: ["side"], guards: [] },
            ],
            complete: [
                { from: ["draining"], to: ["done"], parties: ["superior"], guards: ["handover.unsigned"] },
            ],
            drained: [
                { from: ["draining"], to: ["done"], parties: [], guards: [] },
            ],
            move: [
                { from: ["planned"], to: ["draining", "done"], parties: [], guards: [] },
            ],
            sign: [
                { from: ["planned", "draining", "done"], to: [], parties: ["side"], guards: [] },
            ],
        },
    },
    account_positions: {
        field: "state",
        states: ["open", "confirmed", "refused"],
        initial: ["open"],
        open: ["open"],
        actions: {
            confirm: [
                { from: ["open"], to: ["confirmed"], parties: ["superior"], guards: [] },
            ],
            refuse: [
                { from: ["open"], to: ["refused"], parties: ["superior"], guards: [] },
            ],
        },
    },
    account_scorecards: {
        field: "state",
        states: ["draft", "in_review", "approved", "rejected"],
        initial: ["draft"],
        open: ["draft", "in_review", "rejected"],
        actions: {
            admit: [
                { from: ["draft", "in_review"], to: [], parties: ["head"], guards: [] },
            ],
        },
    },
    accounts: {
        field: "stage",
        states: ["research", "screened", "first_contact", "in_depth", "negotiating", "contracted", "dormant", "lost", "dropped"],
        initial: ["research", "contracted", "dormant", "lost"],
        open: ["research", "screened", "first_contact", "in_depth", "negotiating", "contracted", "dormant", "lost", "dropped"],
        actions: {
            advance: [
                { from: ["research"], to: ["screened"], parties: ["team"], guards: ["account.gate_research", "account.gate_scorecard"] },
                { from: ["screened"], to: ["first_contact"], parties: ["team"], guards: [] },
                { from: ["first_contact"], to: ["in_depth"], parties: ["team"], guards: ["account.gate_contact", "account.gate_need"] },
                { from: ["in_depth"], to: ["negotiating"], parties: ["team"], guards: ["account.gate_visit", "account.gate_decider"] },
                { from: ["negotiating"], to: ["contracted"], parties: ["team"], guards: ["account.gate_terms", "account.gate_contract", "account.gate_scorecard"] },
            ],
            drop: [
                { from: ["research", "screened", "first_contact", "in_depth", "negotiating"], to: ["dropped"], parties: ["team"], guards: ["account.stage_reason"] },
            ],
            lose: [
                { from: ["dormant"], to: ["lost"], parties: ["team"], guards: ["account.stage_reason"] },
            ],
            reopen: [
                { from: ["dropped"], to: ["research"], parties: ["team"], guards: ["account.stage_reason"] },
                { from: ["dormant", "lost"], to: ["contracted"], parties: ["team"], guards: ["account.stage_reason"] },
            ],
            rest: [
                { from: ["contracted"], to: ["dormant"], parties: ["team"], guards: ["account.stage_reason"] },
            ],
        },
    },
    activities: {
        field: "state",
        states: ["draft", "submitted", "approved", "returned", "rejected", "running", "ended", "reported", "closed", "cancelled"],
        initial: ["draft"],
        open: ["draft", "returned", "rejected"],
        actions: {
            assign: [
                { from: ["draft", "returned", "rejected", "approved", "running", "ended", "reported"], to: [], parties: ["head"], guards: [] },
            ],
            cancel: [
                { from: ["submitted", "returned", "rejected", "approved", "running"], to: ["cancelled"], parties: ["owner", "head"], guards: ["activity.reason_required"] },
            ],
            close: [
                { from: ["reported"], to: ["closed"], parties: ["owner", "head"], guards: ["activity.tasks_open"] },
            ],
            end: [
                { from: ["running"], to: ["ended"], parties: [], guards: [] },
            ],
            report: [
                { from: ["running", "ended"], to: ["reported"], parties: [], guards: [] },
            ],
            start: [
                { from: ["approved"], to: ["running"], parties: [], guards: [] },
            ],
        },
    },
    activity_tasks: {
        field: "state",
        states: ["open", "done", "dropped"],
        initial: ["open"],
        open: ["open"],
        actions: {
            drop: [
                { from: ["open"], to: ["dropped"], parties: ["author"], guards: ["activity_task.reason_required"] },
            ],
            finish: [
                { from: ["open"], to: ["done"], parties: ["owner"], guards: [] },
            ],
        },
    },
    advances: {
        field: "state",
        states: ["draft", "submitted", "approved", "paid", "cleared", "returned", "rejected", "cancelled"],
        initial: ["draft"],
        open: ["draft", "returned", "rejected"],
        actions: {
            cancel: [
                { from: ["approved", "draft", "returned", "rejected"], to: ["cancelled"], parties: ["owner"], guards: [] },
            ],
            clear: [
                { from: ["paid"], to: ["paid", "cleared"], parties: [], guards: [] },
            ],
            give_back: [
                { from: ["paid"], to: ["paid", "cleared"], parties: ["office"], guards: [] },
            ],
            pay: [
                { from: ["approved"], to: ["paid"], parties: [], guards: [] },
            ],
            reopen: [
                { from: ["paid", "cleared"], to: ["paid"], parties: [], guards: [] },
            ],
            reverse: [
                { from: ["paid"], to: ["approved"], parties: [], guards: [] },
            ],
        },
    },
    appraisal_cycles: {
        field: "state",
        states: ["planned", "collecting", "rating", "calibration", "published", "locked", "archived"],
        initial: ["planned"],
        open: ["planned"],
        actions: {
            advance: [
                { from: ["collecting"], to: ["rating"], parties: ["head"], guards: [] },
                { from: ["rating"], to: ["calibration"], parties: ["head"], guards: [] },
            ],
            archive: [
                { from: ["locked"], to: ["archived"], parties: [], guards: [] },
            ],
            calibrate: [
                { from: ["rating"], to: ["calibration"], parties: [], guards: [] },
            ],
            collect: [
                { from: ["planned"], to: ["collecting"], parties: [], guards: [] },
            ],
            lock: [
                { from: ["published"], to: ["locked"], parties: [], guards: [] },
            ],
            publish: [
                { from: ["calibration"], to: ["published"], parties: ["head"], guards: [] },
            ],
            rate: [
                { from: ["collecting"], to: ["rating"], parties: [], guards: [] },
            ],
        },
    },
    appraisal_ratings: {
        field: "state",
        states: ["draft", "submitted", "lapsed"],
        initial: ["draft"],
        open: ["draft"],
        actions: {
            lapse: [
                { from: ["draft"], to: ["lapsed"], parties: [], guards: [] },
            ],
            submit: [
                { from: ["draft"], to: ["submitted"], parties: ["owner"], guards: [] },
            ],
        },
    },
    appraisal_schemes: {
        field: "state",
        states: ["draft", "published", "retired"],
        initial: ["draft"],
        open: ["draft"],
        actions: {
            publish: [
                { from: ["draft"], to: ["published"], parties: ["head"], guards: [] },
            ],
            replace: [
                { from: ["published"], to: ["retired"], parties: [], guards: [] },
            ],
            retire: [
                { from: ["published"], to: ["retired"], parties: ["head"], guards: [] },
            ],
        },
    },
    appraisals: {
        field: "state",
        states: ["open", "self_done", "rated", "composite", "calibrated", "published", "confirmed", "noted", "appealed", "decided", "locked"],
        initial: ["open"],
        open: [],
        actions: {
            appeal: [
                { from: ["published", "confirmed"], to: ["appealed"], parties: ["owner"], guards: [] },
            ],
            calibrate: [
                { from: ["composite", "calibrated"], to: ["calibrated"], parties: ["head"], guards: [] },
            ],
            compute: [
                { from: ["open", "self_done", "rated", "composite"], to: ["composite"], parties: [], guards: [] },
            ],
            confirm: [
                { from: ["published"], to: ["confirmed"], parties: ["owner"], guards: [] },
            ],
            decide: [
                { from: ["appealed"], to: ["decided"], parties: ["head"], guards: [] },
            ],
            lock: [
                { from: ["confirmed", "noted", "decided"], to: ["locked"], parties: [], guards: [] },
            ],
            note_silence: [
                { from: ["published"], to: ["noted"], parties: [], guards: [] },
            ],
            publish: [
                { from: ["composite", "calibrated"], to: ["published"], parties: [], guards: [] },
            ],
            rate: [
                { from: ["open", "self_done"], to: ["rated"], parties: [], guards: [] },
            ],
            reopen: [
                { from: ["locked"], to: ["composite"], parties: ["head"], guards: [] },
            ],
            self_done: [
                { from: ["open"], to: ["self_done"], parties: [], guards: [] },
            ],
        },
    },
    audit_findings: {
        field: "state",
        states: ["open", "confirmed", "dismissed"],
        initial: ["open"],
        open: ["open"],
        actions: {
            answer: [
                { from: ["open"], to: [], parties: ["asked"], guards: [] },
            ],
            confirm: [
                { from: ["open"], to: ["confirmed"], parties: ["office"], guards: [] },
            ],
            dismiss: [
                { from: ["open"], to: ["dismissed"], parties: ["office"], guards: ["finding.reason_required"] },
            ],
        },
    },
    budget_adjustments: {
        field: "state",
        states: ["draft", "submitted", "approved", "returned", "rejected", "withdrawn"],
        initial: ["draft"],
        open: ["draft", "returned", "rejected"],
        actions: {
            cancel: [
                { from: ["draft", "returned", "rejected"], to: ["withdrawn"], parties: ["owner"], guards: [] },
            ],
        },
    },
    budgets: {
        field: "state",
        states: ["draft", "submitted", "approved", "active", "frozen", "closed", "returned", "rejected", "cancelled"],
        initial: ["draft"],
        open: ["draft", "returned", "rejected"],
        actions: {
            activate: [
                { from: ["approved"], to: ["active"], parties: [], guards: [] },
            ],
            cancel: [
                { from: ["draft", "returned", "rejected"], to: ["cancelled"], parties: ["head"], guards: ["budget.reason_required"] },
            ],
            close: [
                { from: ["frozen"], to: ["closed"], parties: ["office"], guards: ["budget.still_reserved"] },
            ],
            expire: [
                { from: ["frozen"], to: ["closed"], parties: [], guards: [] },
            ],
            freeze: [
                { from: ["active"], to: ["frozen"], parties: [], guards: [] },
            ],
            hand_over: [
                { from: ["draft", "returned", "rejected", "approved", "active", "frozen"], to: [], parties: ["head"], guards: [] },
            ],
            recount: [
                { from: ["approved", "active", "frozen", "closed"], to: [], parties: ["office"], guards: [] },
            ],
        },
    },
    business_reviews: {
        field: "state",
        states: ["draft", "done"],
        initial: ["draft"],
        open: ["draft"],
        actions: {
            complete: [
                { from: ["draft"], to: ["done"], parties: ["owner"], guards: [] },
            ],
        },
    },
    care_tasks: {
        field: "state",
        states: ["open", "done", "skipped"],
        initial: ["open"],
        open: ["open"],
        actions: {
            finish: [
                { from: ["open"], to: ["done"], parties: ["team"], guards: [] },
            ],
            skip: [
                { from: ["open"], to: ["skipped"], parties: ["team"], guards: [] },
            ],
        },
    },
    cases: {
        field: "state",
        states: ["new", "acknowledged", "in_progress", "waiting_customer", "resolved", "confirmed", "reopened", "closed", "merged"],
        initial: ["new"],
        open: ["new", "acknowledged", "in_progress", "waiting_customer", "resolved", "confirmed", "reopened"],
        actions: {
            acknowledge: [
                { from: ["new"], to: ["acknowledged"], parties: ["asked"], guards: [] },
            ],
            attribute: [
                { from: ["resolved", "confirmed", "closed"], to: [], parties: ["head"], guards: [] },
            ],
            close: [
                { from: ["resolved", "confirmed"], to: ["closed"], parties: ["asked", "team"], guards: ["customer_issue.not_confirmed"] },
            ],
            confirm: [
                { from: ["resolved"], to: ["confirmed"], parties: ["team"], guards: [] },
            ],
            merge: [
                { from: ["new", "acknowledged", "in_progress", "reopened"], to: ["merged"], parties: ["asked", "team"], guards: [] },
            ],
            reopen: [
                { from: ["resolved", "confirmed", "closed"], to: ["reopened"], parties: ["team"], guards: [] },
            ],
            resolve: [
                { from: ["acknowledged", "in_progress", "reopened"], to: ["resolved"], parties: ["asked"], guards: [] },
            ],
            resume: [
                { from: ["waiting_customer"], to: ["in_progress"], parties: ["asked", "team"], guards: [] },
            ],
            route: [
                { from: ["new", "acknowledged", "in_progress", "waiting_customer", "resolved", "confirmed", "reopened", "closed", "merged"], to: [], parties: ["asked"], guards: ["customer_issue.locked"] },
            ],
            start: [
                { from: ["new", "acknowledged", "reopened"], to: ["in_progress"], parties: ["asked"], guards: [] },
            ],
            wait: [
                { from: ["in_progress"], to: ["waiting_customer"], parties: ["asked"], guards: [] },
            ],
        },
    },
    commission_plans: {
        field: "state",
        states: ["draft", "published", "retired"],
        initial: ["draft"],
        open: ["draft"],
        actions: {
            publish: [
                { from: ["draft"], to: ["published"], parties: ["head"], guards: [] },
            ],
            replace: [
                { from: ["published"], to: ["retired"], parties: [], guards: [] },
            ],
        },
    },
    contracts: {
        field: "state",
        states: ["draft", "in_review", "approved", "signing", "effective", "expiring", "renewed", "terminated", "expired"],
        initial: ["draft"],
        open: ["draft", "in_review"],
        actions: {
            expire: [
                { from: ["effective", "expiring"], to: ["expiring", "expired"], parties: [], guards: [] },
            ],
            renew: [
                { from: ["effective", "expiring", "expired"], to: ["renewed"], parties: ["team"], guards: [] },
            ],
            send: [
                { from: ["approved"], to: ["signing"], parties: ["team"], guards: [] },
            ],
            sign: [
                { from: ["approved", "signing"], to: ["effective"], parties: ["team"], guards: ["contract.file_required"] },
            ],
            terminate: [
                { from: ["effective", "expiring"], to: ["terminated"], parties: ["team"], guards: ["contract.reason_required"] },
            ],
        },
    },
    cost_savings: {
        field: "state",
        states: ["reported", "confirmed", "declined"],
        initial: ["reported"],
        open: ["reported"],
        actions: {
            confirm: [
                { from: ["reported"], to: ["confirmed"], parties: ["office"], guards: [] },
            ],
            decline: [
                { from: ["reported"], to: ["declined"], parties: ["office"], guards: ["saving.reason_required"] },
            ],
        },
    },
    deductions: {
        field: "state",
        states: ["reported", "accepted", "rejected"],
        initial: ["reported"],
        open: ["reported"],
        actions: {
            accept: [
                { from: ["reported"], to: ["accepted"], parties: ["office"], guards: ["deduction.own"] },
            ],
            reject: [
                { from: ["reported"], to: ["rejected"], parties: ["office"], guards: ["deduction.reason_required"] },
            ],
        },
    },
    deliveries: {
        field: "state",
        states: ["planned", "dispatched", "delivered", "refused", "cancelled"],
        initial: ["planned"],
        open: ["planned"],
        actions: {
            cancel: [
                { from: ["planned", "dispatched"], to: ["cancelled"], parties: ["office"], guards: [] },
            ],
            deliver: [
                { from: ["dispatched"], to: ["delivered"], parties: ["office", "team"], guards: [] },
            ],
            dispatch: [
                { from: ["planned"], to: ["dispatched"], parties: ["office"], guards: ["delivery.order_state", "delivery.empty"] },
            ],
            refuse: [
                { from: ["dispatched"], to: ["refused"], parties: ["office", "team"], guards: [] },
            ],
        },
    },
    development_actions: {
        field: "state",
        states: ["proposed", "planned", "done", "cancelled", "lapsed"],
        initial: ["proposed"],
        open: ["proposed", "planned"],
        actions: {
            cancel: [
                { from: ["proposed", "planned"], to: ["cancelled"], parties: ["head"], guards: [] },
            ],
            finish: [
                { from: ["planned"], to: ["done"], parties: ["head"], guards: [] },
            ],
            plan: [
                { from: ["proposed"], to: ["planned"], parties: ["head"], guards: [] },
            ],
            renew: [
                { from: ["lapsed"], to: ["proposed"], parties: [], guards: [] },
            ],
            retract: [
                { from: ["proposed"], to: ["lapsed"], parties: [], guards: [] },
            ],
        },
    },
    dispatches: {
        field: "state",
        states: ["queued", "sent", "dead"],
        initial: ["queued"],
        open: ["queued"],
        actions: {
            deliver: [
                { from: ["queued"], to: ["sent"], parties: [], guards: [] },
            ],
            give_up: [
                { from: ["queued"], to: ["dead"], parties: [], guards: [] },
            ],
            retry: [
                { from: ["dead"], to: ["queued"], parties: ["office"], guards: [] },
            ],
        },
    },
    expense_claims: {
        field: "state",
        states: ["draft", "submitted", "approved", "paid", "archived", "returned", "rejected", "cancelled", "reversed"],
        initial: ["draft"],
        open: ["draft", "returned", "rejected"],
        actions: {
            archive: [
                { from: ["paid"], to: ["archived"], parties: ["office"], guards: [] },
            ],
            ask_reversal: [
                { from: ["approved", "paid"], to: [], parties: ["office"], guards: ["claim.reason_needed"] },
            ],
            cancel: [
                { from: ["draft", "returned", "rejected"], to: ["cancelled"], parties: ["owner"], guards: [] },
            ],
            drop_reversal: [
                { from: ["approved", "paid"], to: [], parties: ["office"], guards: ["claim.reversal_not_asked"] },
            ],
            pay: [
                { from: ["approved"], to: ["paid"], parties: [], guards: [] },
            ],
            reverse: [
                { from: ["approved", "paid"], to: ["reversed"], parties: ["head"], guards: ["claim.reversal_not_asked", "claim.reversal_alone"] },
            ],
            unpay: [
                { from: ["paid", "archived"], to: ["approved"], parties: [], guards: [] },
            ],
        },
    },
    honors: {
        field: "state",
        states: ["nominated", "published", "withdrawn", "lapsed"],
        initial: ["nominated"],
        open: [],
        actions: {
            publish: [
                { from: ["nominated"], to: ["published"], parties: ["head"], guards: [] },
            ],
            renew: [
                { from: ["lapsed"], to: ["nominated"], parties: [], guards: [] },
            ],
            retract: [
                { from: ["nominated"], to: ["lapsed"], parties: [], guards: [] },
            ],
            withdraw: [
                { from: ["nominated", "published"], to: ["withdrawn"], parties: ["head"], guards: ["honor.reason_required"] },
            ],
        },
    },
    improvement_actions: {
        field: "state",
        states: ["open", "done", "verified", "cancelled"],
        initial: ["open"],
        open: ["open"],
        actions: {
            cancel: [
                { from: ["open", "done"], to: ["cancelled"], parties: ["author", "superior"], guards: [] },
            ],
            done: [
                { from: ["open"], to: ["done"], parties: ["owner"], guards: [] },
            ],
            reopen: [
                { from: ["done"], to: ["open"], parties: ["author", "superior"], guards: [] },
            ],
            verify: [
                { from: ["done"], to: ["verified"], parties: ["author", "superior"], guards: [] },
            ],
        },
    },
    incentive_results: {
        field: "state",
        states: ["draft", "approved", "exported", "paid"],
        initial: ["draft"],
        open: [],
        actions: {
            approve: [
                { from: ["draft"], to: ["approved"], parties: ["office"], guards: ["incentive.letter_unsigned"] },
            ],
            export: [
                { from: ["approved"], to: ["exported"], parties: [], guards: [] },
            ],
            pay: [
                { from: ["exported"], to: ["paid"], parties: ["office"], guards: [] },
            ],
        },
    },
    invoices: {
        field: "state",
        states: ["folder", "used", "reimbursed", "released"],
        initial: ["folder"],
        open: ["folder"],
        actions: {
            check: [
                { from: ["folder", "used", "reimbursed"], to: [], parties: ["office"], guards: [] },
            ],
            give_back: [
                { from: ["used"], to: ["folder"], parties: [], guards: [] },
            ],
            pay: [
                { from: ["used"], to: ["reimbursed"], parties: [], guards: [] },
            ],
            release: [
                { from: ["folder"], to: ["released"], parties: ["owner"], guards: [] },
            ],
            repaid: [
                { from: ["used", "reimbursed"], to: [], parties: ["office"], guards: [] },
            ],
            restore: [
                { from: ["released"], to: ["folder"], parties: ["owner"], guards: [] },
            ],
            throw_out: [
                { from: ["used"], to: ["released"], parties: [], guards: [] },
            ],
            use: [
                { from: ["folder", "reimbursed"], to: ["used"], parties: [], guards: [] },
            ],
        },
    },
    monthly_plans: {
        field: "state",
        states: ["draft", "submitted", "approved", "returned", "rejected"],
        initial: ["draft"],
        open: ["draft", "returned", "rejected"],
        actions: {},
    },
    opportunities: {
        field: "stage",
        states: ["found", "qualified", "proposal", "negotiation", "win_pending", "won", "lost", "suspended"],
        initial: ["found"],
        open: ["found", "qualified", "proposal", "negotiation", "suspended"],
        actions: {
            advance: [
                { from: ["found"], to: ["qualified"], parties: ["team"], guards: [] },
                { from: ["qualified"], to: ["proposal"], parties: ["team"], guards: [] },
                { from: ["proposal"], to: ["negotiation"], parties: ["team"], guards: [] },
            ],
            confirm: [
                { from: ["win_pending"], to: ["won"], parties: ["superior"], guards: [] },
            ],
            decide: [
                { from: ["found", "qualified", "proposal", "negotiation", "suspended"], to: [], parties: ["head"], guards: [] },
            ],
            lose: [
                { from: ["found", "qualified", "proposal", "negotiation"], to: ["lost"], parties: ["team"], guards: ["opportunity.reason_required", "opportunity.lost_code_required"] },
            ],
            resume: [
                { from: ["suspended"], to: ["found", "qualified", "proposal", "negotiation"], parties: ["team"], guards: [] },
            ],
            return: [
                { from: ["win_pending"], to: ["negotiation"], parties: ["superior"], guards: ["opportunity.reason_required"] },
            ],
            suspend: [
                { from: ["found", "qualified", "proposal", "negotiation"], to: ["suspended"], parties: ["team"], guards: ["opportunity.reason_required"] },
            ],
            win: [
                { from: ["negotiation"], to: ["won", "win_pending"], parties: ["team"], guards: ["opportunity.major_undecided", "opportunity.proof_required"] },
            ],
        },
    },
    orders: {
        field: "state",
        states: ["draft", "submitted", "credit_review", "approved", "rejected", "confirmed", "processing", "partly_delivered", "delivered", "accepted", "settled", "cancelled"],
        initial: ["draft"],
        open: ["draft"],
        actions: {
            accept: [
                { from: ["delivered"], to: ["accepted"], parties: ["owner"], guards: [] },
            ],
            cancel: [
                { from: ["draft", "submitted", "credit_review"], to: ["cancelled"], parties: ["owner"], guards: [] },
                { from: ["approved", "confirmed"], to: ["cancelled"], parties: ["superior"], guards: [] },
            ],
            close_short: [
                { from: ["partly_delivered"], to: ["delivered"], parties: ["office"], guards: [] },
                { from: ["processing"], to: ["cancelled"], parties: ["office"], guards: ["order.under_way"] },
            ],
            confirm: [
                { from: ["approved"], to: ["confirmed"], parties: ["office"], guards: [] },
            ],
            copy: [
                { from: ["rejected", "cancelled"], to: [], parties: ["owner"], guards: [] },
            ],
            deliver: [
                { from: ["processing", "partly_delivered"], to: ["partly_delivered", "delivered"], parties: [], guards: [] },
            ],
            pass: [
                { from: ["submitted", "credit_review"], to: ["approved"], parties: [], guards: [] },
            ],
            reject: [
                { from: ["submitted", "credit_review"], to: ["rejected"], parties: [], guards: [] },
            ],
            release: [
                { from: ["confirmed"], to: ["processing"], parties: ["office"], guards: [] },
            ],
            reopen: [
                { from: ["settled"], to: ["delivered", "accepted"], parties: [], guards: [] },
            ],
            review: [
                { from: ["submitted"], to: ["credit_review"], parties: [], guards: [] },
            ],
            send_back: [
                { from: ["submitted", "credit_review"], to: ["draft"], parties: [], guards: [] },
            ],
            settle: [
                { from: ["delivered", "accepted"], to: ["settled"], parties: [], guards: [] },
            ],
            submit: [
                { from: ["draft"], to: ["submitted", "credit_review", "approved"], parties: ["owner"], guards: [] },
            ],
            withdraw: [
                { from: ["submitted", "credit_review"], to: ["draft"], parties: ["owner"], guards: [] },
            ],
        },
    },
    outreach_campaigns: {
        field: "state",
        states: ["draft", "sent"],
        initial: ["draft"],
        open: ["draft"],
        actions: {
            send: [
                { from: ["draft"], to: ["sent"], parties: ["office"], guards: [] },
            ],
        },
    },
    payee_changes: {
        field: "state",
        states: ["asked", "confirmed", "refused", "cancelled"],
        initial: ["asked"],
        open: [],
        actions: {
            cancel: [
                { from: ["asked"], to: ["cancelled"], parties: ["owner"], guards: [] },
            ],
            confirm: [
                { from: ["asked"], to: ["confirmed"], parties: ["office"], guards: [] },
            ],
            refuse: [
                { from: ["asked"], to: ["refused"], parties: ["office"], guards: [] },
            ],
        },
    },
    payment_runs: {
        field: "state",
        states: ["draft", "exported", "answered", "closed", "cancelled"],
        initial: ["draft"],
        open: ["draft"],
        actions: {
            answer: [
                { from: ["exported", "answered"], to: ["answered"], parties: ["office"], guards: [] },
            ],
            cancel: [
                { from: ["draft"], to: ["cancelled"], parties: ["office"], guards: [] },
            ],
            close: [
                { from: ["exported", "answered"], to: ["closed"], parties: ["office"], guards: ["payment_run.unanswered"] },
            ],
            compare: [
                { from: ["draft"], to: ["draft"], parties: ["office"], guards: [] },
            ],
            export: [
                { from: ["draft"], to: ["exported", "answered"], parties: ["office"], guards: [] },
            ],
            plan: [
                { from: ["draft"], to: ["draft"], parties: ["office"], guards: [] },
            ],
            take_up: [
                { from: ["draft"], to: ["exported"], parties: ["office"], guards: [] },
            ],
        },
    },
    payments: {
        field: "state",
        states: ["planned", "sent", "paid", "failed", "reversed"],
        initial: ["planned"],
        open: [],
        actions: {
            ask_reversal: [
                { from: ["paid"], to: ["paid"], parties: ["office"], guards: [] },
            ],
            came_back: [
                { from: ["reversed"], to: ["reversed"], parties: ["office"], guards: [] },
            ],
            drop_reversal: [
                { from: ["paid"], to: ["paid"], parties: ["office"], guards: [] },
            ],
            fail: [
                { from: ["sent"], to: ["failed"], parties: [], guards: [] },
            ],
            pay: [
                { from: ["sent"], to: ["paid"], parties: [], guards: [] },
            ],
            reverse: [
                { from: ["paid"], to: ["reversed"], parties: ["head"], guards: [] },
            ],
            send: [
                { from: ["planned"], to: ["sent"], parties: [], guards: [] },
            ],
        },
    },
    penalties: {
        field: "state",
        states: ["open", "settled", "waived"],
        initial: ["open"],
        open: ["open"],
        actions: {
            repay: [
                { from: ["open"], to: ["open", "settled"], parties: ["office"], guards: [] },
            ],
            settle: [
                { from: ["open"], to: ["settled"], parties: [], guards: [] },
            ],
            waive: [
                { from: ["open"], to: ["waived"], parties: ["head"], guards: ["penalty.reason_required"] },
            ],
        },
    },
    plan_items: {
        field: "state",
        states: ["open", "done", "missed", "dropped"],
        initial: ["open"],
        open: ["open"],
        actions: {
            drop: [
                { from: ["open", "done", "missed"], to: ["dropped"], parties: ["superior"], guards: [] },
            ],
            explain: [
                { from: ["missed"], to: [], parties: ["owner", "superior"], guards: [] },
            ],
        },
    },
    policy_docs: {
        field: "state",
        states: ["draft", "published", "withdrawn"],
        initial: ["draft"],
        open: ["draft"],
        actions: {
            publish: [
                { from: ["draft"], to: ["published"], parties: ["office"], guards: [] },
            ],
            withdraw: [
                { from: ["published"], to: ["withdrawn"], parties: ["office"], guards: [] },
            ],
        },
    },
    preapprovals: {
        field: "state",
        states: ["draft", "submitted", "approved", "returned", "rejected", "used", "closed", "expired"],
        initial: ["draft"],
        open: ["draft", "returned", "rejected"],
        actions: {
            close: [
                { from: ["approved", "used"], to: ["closed"], parties: ["owner", "superior"], guards: [] },
            ],
            expire: [
                { from: ["approved", "used"], to: ["expired"], parties: [], guards: [] },
            ],
            give_back: [
                { from: ["used"], to: ["approved"], parties: [], guards: [] },
            ],
            use: [
                { from: ["approved", "used"], to: ["used"], parties: [], guards: [] },
            ],
            use_up: [
                { from: ["used"], to: ["closed"], parties: [], guards: [] },
            ],
        },
    },
    product_requests: {
        field: "state",
        states: ["new", "reviewing", "planned", "done", "declined"],
        initial: ["new"],
        open: ["new"],
        actions: {
            decline: [
                { from: ["new", "reviewing", "planned"], to: ["declined"], parties: ["asked"], guards: [] },
            ],
            finish: [
                { from: ["planned"], to: ["done"], parties: ["asked"], guards: [] },
            ],
            promise: [
                { from: ["new", "reviewing", "planned"], to: ["planned"], parties: ["asked"], guards: [] },
            ],
            review: [
                { from: ["new"], to: ["reviewing"], parties: ["asked"], guards: [] },
            ],
            tell_customer: [
                { from: ["planned", "done", "declined"], to: [], parties: ["owner"], guards: [] },
            ],
        },
    },
    promo_plans: {
        field: "state",
        states: ["draft", "submitted", "approved", "returned", "rejected", "closed"],
        initial: ["draft"],
        open: ["draft", "returned", "rejected"],
        actions: {
            assign: [
                { from: ["draft", "approved", "returned", "rejected"], to: [], parties: ["head"], guards: [] },
            ],
            close: [
                { from: ["approved"], to: ["closed"], parties: ["owner", "head"], guards: ["promo_plan.activities_open"] },
            ],
        },
    },
    promotion_candidates: {
        field: "state",
        states: ["proposed", "promoted", "declined", "lapsed"],
        initial: ["proposed"],
        open: [],
        actions: {
            decline: [
                { from: ["proposed"], to: ["declined"], parties: ["head"], guards: ["promotion_candidate.reason_required"] },
            ],
            promote: [
                { from: ["proposed"], to: ["promoted"], parties: ["head"], guards: [] },
            ],
            renew: [
                { from: ["lapsed"], to: ["proposed"], parties: [], guards: [] },
            ],
            retract: [
                { from: ["proposed"], to: ["lapsed"], parties: [], guards: [] },
            ],
        },
    },
    rebate_accruals: {
        field: "state",
        states: ["open", "closed", "settled"],
        initial: ["open"],
        open: [],
        actions: {
            close: [
                { from: ["open"], to: ["closed"], parties: [], guards: [] },
            ],
            settle: [
                { from: ["closed"], to: ["settled"], parties: ["office"], guards: ["rebate.voucher_required"] },
            ],
        },
    },
    receipts: {
        field: "state",
        states: ["reported", "confirmed", "rejected", "reversed"],
        initial: ["reported"],
        open: ["reported"],
        actions: {
            confirm: [
                { from: ["reported"], to: ["confirmed"], parties: ["office"], guards: ["receipt.own"] },
            ],
            reject: [
                { from: ["reported"], to: ["rejected"], parties: ["office"], guards: ["receipt.reason_required"] },
            ],
            reverse: [
                { from: ["confirmed"], to: ["reversed"], parties: ["office"], guards: ["receipt.reason_required"] },
            ],
        },
    },
    returns: {
        field: "state",
        states: ["draft", "requested", "approved", "rejected", "returned", "cancelled"],
        initial: ["draft"],
        open: ["draft"],
        actions: {
            approve: [
                { from: ["requested"], to: ["approved"], parties: ["superior"], guards: [] },
            ],
            cancel: [
                { from: ["draft", "requested"], to: ["cancelled"], parties: ["owner"], guards: [] },
                { from: ["approved"], to: ["cancelled"], parties: ["superior"], guards: [] },
            ],
            receive: [
                { from: ["approved"], to: ["returned"], parties: ["office"], guards: [] },
            ],
            reject: [
                { from: ["requested"], to: ["rejected"], parties: ["superior"], guards: [] },
            ],
            request: [
                { from: ["draft"], to: ["requested"], parties: ["owner"], guards: [] },
            ],
        },
    },
    satisfaction_surveys: {
        field: "state",
        states: ["planned", "open", "closed"],
        initial: ["planned"],
        open: ["planned"],
        actions: {
            begin: [
                { from: ["planned"], to: ["open"], parties: [], guards: [] },
            ],
            close: [
                { from: ["open"], to: ["closed"], parties: ["office"], guards: [] },
            ],
            draw: [
                { from: ["planned"], to: ["open"], parties: ["office"], guards: [] },
            ],
            end: [
                { from: ["open"], to: ["closed"], parties: [], guards: [] },
            ],
        },
    },
    service_evaluations: {
        field: "state",
        states: ["open", "evaluated", "closed"],
        initial: ["open"],
        open: ["open"],
        actions: {
            close: [
                { from: ["evaluated"], to: ["closed"], parties: ["office"], guards: ["service_evaluation.improving"] },
            ],
            evaluate: [
                { from: ["open", "evaluated"], to: ["evaluated"], parties: ["office"], guards: [] },
            ],
        },
    },
    service_standards: {
        field: "state",
        states: ["draft", "in_force", "replaced"],
        initial: ["draft"],
        open: ["draft"],
        actions: {
            enforce: [
                { from: ["draft"], to: ["in_force"], parties: ["head"], guards: [] },
            ],
            replace: [
                { from: ["in_force"], to: ["replaced"], parties: [], guards: [] },
            ],
            withdraw: [
                { from: ["in_force"], to: ["draft"], parties: ["head"], guards: ["service_standard.begun"] },
            ],
        },
    },
    statements: {
        field: "state",
        states: ["issued", "confirmed", "disputed"],
        initial: ["issued"],
        open: [],
        actions: {
            confirm: [
                { from: ["issued", "disputed"], to: ["confirmed"], parties: ["owner"], guards: ["statement.answered_by_required", "statement.paper_required"] },
            ],
            dispute: [
                { from: ["issued"], to: ["disputed"], parties: ["owner"], guards: ["statement.answered_by_required", "statement.reason_required"] },
            ],
        },
    },
    support_requests: {
        field: "state",
        states: ["open", "accepted", "answered", "refused", "closed", "withdrawn"],
        initial: ["open"],
        open: ["open"],
        actions: {
            accept: [
                { from: ["open"], to: ["accepted"], parties: ["asked"], guards: [] },
            ],
            answer: [
                { from: ["open", "accepted"], to: ["answered"], parties: ["asked"], guards: [] },
            ],
            close: [
                { from: ["answered", "refused"], to: ["closed"], parties: ["owner"], guards: [] },
            ],
            refuse: [
                { from: ["open", "accepted"], to: ["refused"], parties: ["asked"], guards: [] },
            ],
            reopen: [
                { from: ["answered", "refused"], to: ["open"], parties: ["owner"], guards: [] },
            ],
            withdraw: [
                { from: ["open", "accepted"], to: ["withdrawn"], parties: ["owner"], guards: [] },
            ],
        },
    },
    sync_issues: {
        field: "state",
        states: ["open", "resubmitted", "discarded", "acknowledged", "chosen"],
        initial: ["open"],
        open: [],
        actions: {
            acknowledge: [
                { from: ["open"], to: ["acknowledged"], parties: ["owner", "superior"], guards: ["issue.choice_open", "issue.action"] },
            ],
            choose: [
                { from: ["open"], to: ["chosen"], parties: ["owner", "superior"], guards: ["issue.action"] },
            ],
            discard: [
                { from: ["open"], to: ["discarded"], parties: ["owner", "superior"], guards: ["issue.action"] },
            ],
            release: [
                { from: ["open"], to: ["resubmitted"], parties: [], guards: [] },
            ],
            resubmit: [
                { from: ["open"], to: ["resubmitted"], parties: ["owner", "superior"], guards: ["issue.action"] },
            ],
        },
    },
    target_letters: {
        field: "state",
        states: ["draft", "sent", "signed", "effective", "void", "superseded"],
        initial: ["draft"],
        open: ["draft"],
        actions: {
            countersign: [
                { from: ["sent", "signed"], to: ["sent", "effective"], parties: ["superior"], guards: [] },
            ],
            send: [
                { from: ["draft"], to: ["sent"], parties: ["superior", "head"], guards: [] },
            ],
            sign: [
                { from: ["sent"], to: ["signed", "effective"], parties: ["owner"], guards: [] },
            ],
            supersede: [
                { from: ["draft", "sent", "signed", "effective"], to: ["superseded"], parties: [], guards: [] },
            ],
            void: [
                { from: ["draft", "sent", "signed"], to: ["void"], parties: ["superior", "head"], guards: [] },
                { from: ["effective"], to: ["void"], parties: ["head"], guards: [] },
            ],
        },
    },
    targets: {
        field: "state",
        states: ["draft", "issued", "cascaded", "cancelled"],
        initial: ["draft"],
        open: ["draft"],
        actions: {
            cancel: [
                { from: ["issued", "cascaded"], to: ["cancelled"], parties: ["superior"], guards: ["target.has_children"] },
            ],
            cascade: [
                { from: ["issued"], to: ["cascaded"], parties: ["owner"], guards: [] },
            ],
            issue: [
                { from: ["draft"], to: ["issued"], parties: ["superior"], guards: ["target.basis_required", "target.parent_open"] },
            ],
            revise: [
                { from: ["issued", "cascaded"], to: ["draft"], parties: ["superior"], guards: [] },
            ],
            split: [
                { from: ["draft", "issued", "cascaded"], to: [], parties: ["owner", "superior"], guards: [] },
            ],
            spread: [
                { from: ["draft"], to: [], parties: ["superior"], guards: [] },
            ],
        },
    },
    training_records: {
        field: "state",
        states: ["invited", "attended", "submitted"],
        initial: ["invited"],
        open: ["invited"],
        actions: {
            attend: [
                { from: ["invited"], to: ["attended"], parties: ["author"], guards: ["training.too_early", "training.cancelled"] },
                { from: ["submitted"], to: [], parties: ["author"], guards: ["training.too_early", "training.cancelled"] },
            ],
            submit: [
                { from: ["invited", "attended", "submitted"], to: ["submitted"], parties: ["owner"], guards: ["training.cancelled", "training.no_quiz", "training.passed", "training.tries_over"] },
            ],
        },
    },
    trainings: {
        field: "state",
        states: ["draft", "published", "held", "closed", "cancelled"],
        initial: ["draft"],
        open: ["draft"],
        actions: {
            cancel: [
                { from: ["published"], to: ["cancelled"], parties: ["owner", "head"], guards: [] },
            ],
            close: [
                { from: ["held"], to: ["closed"], parties: ["owner", "head"], guards: [] },
            ],
            hold: [
                { from: ["published"], to: ["held"], parties: ["owner", "head"], guards: ["training.too_early"] },
            ],
            publish: [
                { from: ["draft"], to: ["published"], parties: ["owner", "head"], guards: ["training.date_required", "training.keys_required", "training.audience_required"] },
            ],
        },
    },
    visit_audits: {
        field: "state",
        states: ["open", "done", "cancelled"],
        initial: ["open"],
        open: ["open"],
        actions: {
            cancel: [
                { from: ["open"], to: ["cancelled"], parties: ["superior"], guards: [] },
            ],
            finish: [
                { from: ["open"], to: ["done"], parties: ["asked"], guards: [] },
            ],
        },
    },
    visit_plans: {
        field: "state",
        states: ["draft", "submitted", "approved", "returned", "rejected"],
        initial: ["draft"],
        open: ["draft", "returned", "rejected"],
        actions: {},
    },
    visits: {
        field: "state",
        states: ["draft", "planned", "approved", "missed", "in_progress", "auto_closed", "checked_out", "reported", "questioned", "accepted", "void_fraud", "cancelled"],
        initial: ["planned", "draft"],
        open: ["draft", "planned", "approved", "in_progress", "checked_out", "missed", "auto_closed"],
        actions: {
            accept: [
                { from: ["reported", "questioned"], to: ["accepted"], parties: ["superior"], guards: [] },
            ],
            answer: [
                { from: ["questioned"], to: ["reported"], parties: ["owner"], guards: [] },
            ],
            approve: [
                { from: ["draft", "planned"], to: ["approved"], parties: [], guards: [] },
            ],
            auto_close: [
                { from: ["in_progress"], to: ["auto_closed"], parties: [], guards: [] },
            ],
            auto_question: [
                { from: ["reported"], to: ["questioned"], parties: [], guards: [] },
            ],
            cancel: [
                { from: ["draft", "planned", "approved", "missed"], to: ["cancelled"], parties: ["owner"], guards: [] },
            ],
            check_in: [
                { from: ["draft", "planned", "approved", "missed"], to: ["in_progress"], parties: ["owner"], guards: [] },
            ],
            check_in_again: [
                { from: ["in_progress", "checked_out", "auto_closed", "reported", "questioned", "accepted"], to: [], parties: [], guards: [] },
            ],
            check_out: [
                { from: ["in_progress", "auto_closed"], to: ["checked_out"], parties: ["owner"], guards: [] },
            ],
            confirm_void: [
                { from: ["accepted", "questioned"], to: ["void_fraud"], parties: ["head"], guards: ["visit.void_missing"] },
            ],
            late_part: [
                { from: ["reported", "questioned", "accepted"], to: [], parties: [], guards: [] },
            ],
            miss: [
                { from: ["planned", "approved"], to: ["missed"], parties: [], guards: [] },
            ],
            override: [
                { from: ["reported", "questioned", "accepted", "void_fraud", "cancelled"], to: [], parties: [], guards: [] },
            ],
            place: [
                { from: ["void_fraud", "in_progress", "checked_out", "auto_closed", "reported", "questioned", "accepted"], to: [], parties: [], guards: [] },
            ],
            plan: [
                { from: ["draft"], to: ["planned"], parties: ["owner"], guards: [] },
            ],
            question: [
                { from: ["reported"], to: ["questioned"], parties: ["superior"], guards: [] },
            ],
            refuse_void: [
                { from: ["accepted", "questioned"], to: [], parties: ["head"], guards: ["visit.void_missing"] },
            ],
            reopen: [
                { from: ["reported", "questioned"], to: ["checked_out", "auto_closed"], parties: ["owner"], guards: ["visit.void_pending"] },
                { from: ["accepted"], to: ["checked_out", "auto_closed"], parties: ["superior"], guards: ["visit.void_pending"] },
            ],
            report: [
                { from: ["checked_out", "auto_closed"], to: ["reported"], parties: ["owner"], guards: [] },
            ],
            void: [
                { from: ["accepted", "questioned"], to: [], parties: ["superior"], guards: [] },
            ],
        },
    },
    work_reports: {
        field: "state",
        states: ["draft", "submitted"],
        initial: ["draft"],
        open: ["draft"],
        actions: {
            comment: [
                { from: ["draft", "submitted"], to: [], parties: ["superior"], guards: ["report.not_submitted"] },
            ],
            submit: [
                { from: ["draft"], to: ["submitted"], parties: ["owner"], guards: [] },
            ],
        },
    },
    work_sessions: {
        field: "state",
        states: ["open", "closed", "auto_closed"],
        initial: ["open"],
        open: ["open"],
        actions: {
            end: [
                { from: ["open", "auto_closed"], to: ["closed"], parties: ["owner"], guards: [] },
            ],
        },
    },
} as const satisfies Readonly<Record<string, Machine>>;

/** Why something is refused; texts are in docs/codes.md and come with each answer. */
export type Code =
    | "account.birthday_future"
    | "account.contact_unknown"
    | "account.duplicate_name"
    | "account.duplicate_uscc"
    | "account.field_locked"
    | "account.gate_contact"
    | "account.gate_contract"
    | "account.gate_decider"
    | "account.gate_need"
    | "account.gate_research"
    | "account.gate_scorecard"
    | "account.gate_terms"
    | "account.gate_visit"
    | "account.owner_invalid"
    | "account.stage"
    | "account.stage_reason"
    | "account_plan.taken"
    | "account_review.action_required"
    | "account_review.period_invalid"
    | "account_review.result_required"
    | "account_review.score_range"
    | "action.due_invalid"
    | "action.kept"
    | "action.not_owner"
    | "action.owner_required"
    | "action.state"
    | "action.text_required"
    | "action.unknown"
    | "action.verify_other"
    | "activity.assignee_invalid"
    | "activity.costs_locked"
    | "activity.costs_required"
    | "activity.days_invalid"
    | "activity.locked"
    | "activity.no_node"
    | "activity.node_invalid"
    | "activity.not_head"
    | "activity.not_over"
    | "activity.not_owner"
    | "activity.not_party"
    | "activity.photos_required"
    | "activity.plan_not_approved"
    | "activity.planned_locked"
    | "activity.reason_required"
    | "activity.reported"
    | "activity.result_state"
    | "activity.state"
    | "activity.tasks_open"
    | "activity_task.locked"
    | "activity_task.not_owner"
    | "activity_task.over"
    | "activity_task.owner_invalid"
    | "activity_task.reason_required"
    | "activity_task.state"
    | "address.expired"
    | "address.invalid"
    | "adjustment.budget_state"
    | "adjustment.circle"
    | "adjustment.locked"
    | "adjustment.month_invalid"
    | "adjustment.nodes_invalid"
    | "adjustment.not_free"
    | "adjustment.not_owner"
    | "adjustment.not_yours"
    | "adjustment.other_budget"
    | "adjustment.same_node"
    | "adjustment.state"
    | "advance.amount_invalid"
    | "advance.back_invalid"
    | "advance.due_invalid"
    | "advance.exceeded"
    | "advance.locked"
    | "advance.not_finance"
    | "advance.not_owner"
    | "advance.overdue_open"
    | "advance.state"
    | "advance.used"
    | "analysis.argument_invalid"
    | "analysis.dimension_invalid"
    | "analysis.figure_unknown"
    | "analysis.month_frozen"
    | "analysis.month_invalid"
    | "analysis.month_open"
    | "analysis.not_allowed"
    | "analysis.not_finance"
    | "analysis.period_invalid"
    | "analysis.too_many_rows"
    | "appraisal.agreed_required"
    | "appraisal.appeal_over"
    | "appraisal.bonus_held"
    | "appraisal.calibration_beyond"
    | "appraisal.calibration_reason"
    | "appraisal.comment_required"
    | "appraisal.decision_gate"
    | "appraisal.decision_score"
    | "appraisal.item_missing"
    | "appraisal.item_unknown"
    | "appraisal.mark_invalid"
    | "appraisal.metric_invalid"
    | "appraisal.metric_unknown"
    | "appraisal.na_few_answers"
    | "appraisal.na_few_days"
    | "appraisal.na_no_denominator"
    | "appraisal.na_no_fact"
    | "appraisal.na_no_quarters"
    | "appraisal.na_no_self"
    | "appraisal.na_no_superior"
    | "appraisal.na_no_target"
    | "appraisal.na_no_weight"
    | "appraisal.na_not_rated"
    | "appraisal.na_nothing_left"
    | "appraisal.no_score"
    | "appraisal.not_head"
    | "appraisal.not_reckoned"
    | "appraisal.not_subject"
    | "appraisal.not_superior"
    | "appraisal.note_needed"
    | "appraisal.note_required"
    | "appraisal.rating_invalid"
    | "appraisal.reason_required"
    | "appraisal.records_unknown"
    | "appraisal.state"
    | "appraisal.trace_ends"
    | "appraisal_cycle.blocked"
    | "appraisal_cycle.locked"
    | "appraisal_cycle.not_countable"
    | "appraisal_cycle.not_head"
    | "appraisal_cycle.note_missing"
    | "appraisal_cycle.own_open"
    | "appraisal_cycle.scheme_unknown"
    | "appraisal_cycle.state"
    | "appraisal_cycle.unrated"
    | "appraisal_rating.comment_long"
    | "appraisal_rating.item_twice"
    | "appraisal_rating.items_invalid"
    | "appraisal_rating.locked"
    | "appraisal_rating.not_rater"
    | "appraisal_rating.state"
    | "appraisal_scheme.annual"
    | "appraisal_scheme.band_falls"
    | "appraisal_scheme.band_overlap"
    | "appraisal_scheme.band_short"
    | "appraisal_scheme.bonus"
    | "appraisal_scheme.code"
    | "appraisal_scheme.composite"
    | "appraisal_scheme.first"
    | "appraisal_scheme.gate"
    | "appraisal_scheme.grade"
    | "appraisal_scheme.grades"
    | "appraisal_scheme.invalid"
    | "appraisal_scheme.json"
    | "appraisal_scheme.locked"
    | "appraisal_scheme.lowest"
    | "appraisal_scheme.metric"
    | "appraisal_scheme.name"
    | "appraisal_scheme.name_taken"
    | "appraisal_scheme.no_items"
    | "appraisal_scheme.not_head"
    | "appraisal_scheme.number"
    | "appraisal_scheme.raters"
    | "appraisal_scheme.scale"
    | "appraisal_scheme.state"
    | "appraisal_scheme.too_many"
    | "appraisal_scheme.twice"
    | "appraisal_scheme.unwanted"
    | "appraisal_scheme.weights"
    | "appraisal_scheme.word"
    | "appraisal_scheme.year_only"
    | "approval.comment_required"
    | "approval.data_alone"
    | "approval.decided"
    | "approval.kept"
    | "approval.locked"
    | "approval.no_approver"
    | "approval.not_approver"
    | "approval.not_author"
    | "approval.own"
    | "approval.stale"
    | "approval.state"
    | "approval.too_late"
    | "approval.waiting"
    | "args.invalid"
    | "audit.incomplete"
    | "audit.kept"
    | "audit.not_auditor"
    | "audit.self"
    | "audit.state"
    | "auth_required"
    | "backup.no_root"
    | "backup.outside"
    | "base_required"
    | "base_unknown"
    | "blob.already_stored"
    | "blob.animated"
    | "blob.bytes_removed"
    | "blob.convert"
    | "blob.damaged"
    | "blob.empty"
    | "blob.hash_mismatch"
    | "blob.hold_reason"
    | "blob.not_here"
    | "blob.progressive"
    | "blob.purpose_unknown"
    | "blob.size_mismatch"
    | "blob.step_full"
    | "blob.too_complex"
    | "blob.too_large"
    | "blob.too_many_pixels"
    | "blob.type_refused"
    | "body_malformed"
    | "body_stalled"
    | "body_too_large"
    | "budget.alerts_invalid"
    | "budget.already_spent"
    | "budget.amount_invalid"
    | "budget.children_sum"
    | "budget.circle"
    | "budget.closed"
    | "budget.day"
    | "budget.dimension"
    | "budget.empty"
    | "budget.export_not_finance"
    | "budget.heir_invalid"
    | "budget.heir_nothing"
    | "budget.heir_team"
    | "budget.insufficient"
    | "budget.insufficient_above"
    | "budget.locked"
    | "budget.months_required"
    | "budget.months_sum"
    | "budget.node_gone"
    | "budget.not_active"
    | "budget.not_finance"
    | "budget.not_head"
    | "budget.not_leaf"
    | "budget.over_invalid"
    | "budget.parent_invalid"
    | "budget.period_invalid"
    | "budget.person_left"
    | "budget.plan_invalid"
    | "budget.reason_required"
    | "budget.state"
    | "budget.still_reserved"
    | "budget.too_deep"
    | "budget.too_many"
    | "budget.twice"
    | "budget.year"
    | "captured_invalid"
    | "care.action_required"
    | "care.date_invalid"
    | "care.done"
    | "care.gift_limit"
    | "care.gift_person_limit"
    | "care.gift_year_limit"
    | "care.reason_required"
    | "category.circle"
    | "claim.advance_employee"
    | "claim.advance_invalid"
    | "claim.amount_invalid"
    | "claim.attendees_invalid"
    | "claim.cut_all"
    | "claim.cut_invalid"
    | "claim.cut_not_finance"
    | "claim.cut_reason_required"
    | "claim.day_future"
    | "claim.day_invalid"
    | "claim.empty"
    | "claim.invoice_required"
    | "claim.line_unknown"
    | "claim.locked"
    | "claim.no_node"
    | "claim.node_invalid"
    | "claim.not_finance"
    | "claim.not_head"
    | "claim.not_owner"
    | "claim.pay_amount"
    | "claim.payee_invalid"
    | "claim.reason_needed"
    | "claim.reason_required"
    | "claim.reversal_alone"
    | "claim.reversal_not_asked"
    | "claim.rule_blocked"
    | "claim.shares_mixed"
    | "claim.shares_sum"
    | "claim.special_reason_required"
    | "claim.state"
    | "claim.too_many"
    | "claim.uses_sum"
    | "claim.voucher_required"
    | "collection_read_only"
    | "collection_unknown"
    | "commission_plan.day_invalid"
    | "commission_plan.locked"
    | "commission_plan.not_head"
    | "commission_plan.state"
    | "commission_plan.tiers"
    | "commission_plan.value"
    | "communication.no_reply_due"
    | "consent.withdrawn"
    | "console.off"
    | "contact.forgotten"
    | "contact.frozen"
    | "contract.amount_invalid"
    | "contract.dates_invalid"
    | "contract.file_required"
    | "contract.hash_mismatch"
    | "contract.locked"
    | "contract.not_line"
    | "contract.reason_required"
    | "contract.reviewer_missing"
    | "contract.state"
    | "coverage.not_missing"
    | "coverage.not_requested"
    | "coverage.not_superior"
    | "coverage.reason_required"
    | "coverage.requested"
    | "credential_expired"
    | "credential_invalid"
    | "cursor_invalid"
    | "customer_issue.cause_required"
    | "customer_issue.contact_required"
    | "customer_issue.event_kept"
    | "customer_issue.level_unknown"
    | "customer_issue.locked"
    | "customer_issue.not_confirmed"
    | "customer_issue.not_head"
    | "customer_issue.not_party"
    | "customer_issue.note_required"
    | "customer_issue.own_fault"
    | "customer_issue.prevention_required"
    | "customer_issue.reason_required"
    | "customer_issue.responsible_required"
    | "customer_issue.state"
    | "deduction.account_required"
    | "deduction.amount_invalid"
    | "deduction.locked"
    | "deduction.not_finance"
    | "deduction.not_reporter"
    | "deduction.order_invalid"
    | "deduction.own"
    | "deduction.paper_invalid"
    | "deduction.reason_required"
    | "deduction.state"
    | "delivery.empty"
    | "delivery.locked"
    | "delivery.not_party"
    | "delivery.order_state"
    | "delivery.period_invalid"
    | "delivery.quantity_invalid"
    | "delivery.reason_required"
    | "delivery.signature_required"
    | "delivery.state"
    | "delivery.too_much"
    | "development_action.locked"
    | "development_action.not_head"
    | "development_action.state"
    | "development_action.title_required"
    | "device.restore_reason"
    | "device.too_many"
    | "device_forked"
    | "device_revoked"
    | "device_unknown"
    | "dispatch.state"
    | "employment.day_invalid"
    | "employment.fixed"
    | "employment.overlap"
    | "employment.own"
    | "encoding_unknown"
    | "expense.alike_others"
    | "expense.alike_own"
    | "expense.attendees_required"
    | "expense.buyer_name"
    | "expense.buyer_tax"
    | "expense.currency"
    | "expense.currency_amount"
    | "expense.dead"
    | "expense.fee_over"
    | "expense.fee_photos"
    | "expense.fee_unfounded"
    | "expense.forbidden"
    | "expense.gift_each"
    | "expense.gift_person_year"
    | "expense.gift_recipient"
    | "expense.gift_year"
    | "expense.invoice_required"
    | "expense.invoice_sum"
    | "expense.issue_before"
    | "expense.issue_future"
    | "expense.last_year"
    | "expense.late"
    | "expense.late_invoice"
    | "expense.list_required"
    | "expense.lodging"
    | "expense.meal_per_diem"
    | "expense.mileage"
    | "expense.no_invoice_month"
    | "expense.no_visit"
    | "expense.original_missing"
    | "expense.per_diem"
    | "expense.per_diem_meals"
    | "expense.per_head"
    | "expense.preapproval_expired"
    | "expense.preapproval_kind"
    | "expense.preapproval_late"
    | "expense.preapproval_other"
    | "expense.preapproval_over"
    | "expense.preapproval_required"
    | "expense.preapproval_state"
    | "expense.special_required"
    | "expense.split"
    | "expense.statement_required"
    | "expense.taxi"
    | "expense.too_many_ours"
    | "expense.unverified"
    | "expense.visit_unnamed"
    | "expense_rule.categories_invalid"
    | "expense_rule.categories_required"
    | "expense_rule.category_unknown"
    | "expense_rule.code_invalid"
    | "expense_rule.days_invalid"
    | "expense_rule.kind_fixed"
    | "expense_rule.kind_unknown"
    | "expense_rule.param_invalid"
    | "expense_rule.param_missing"
    | "expense_rule.param_unknown"
    | "expense_rule.severity_invalid"
    | "export.at_once"
    | "export.filter"
    | "export.format"
    | "export.unknown"
    | "feedback.text_required"
    | "field.day"
    | "field.locked"
    | "field.retired"
    | "field.type"
    | "field.unknown"
    | "filter.at_once"
    | "filter.too_complex"
    | "filter.too_large"
    | "filter.too_slow"
    | "finding.answer_required"
    | "finding.claim_invalid"
    | "finding.line_invalid"
    | "finding.locked"
    | "finding.not_another"
    | "finding.not_concerned"
    | "finding.not_finder"
    | "finding.not_sampled"
    | "finding.not_signed"
    | "finding.own_claim"
    | "finding.reason_required"
    | "finding.repay_invalid"
    | "finding.state"
    | "fleet.issues_full"
    | "fleet.unpushed"
    | "fleet.unsynced"
    | "formula.character"
    | "formula.divided_by_zero"
    | "formula.division"
    | "formula.empty"
    | "formula.failed"
    | "formula.literal"
    | "formula.overflow"
    | "formula.points"
    | "formula.syntax"
    | "formula.too_dear"
    | "formula.too_deep"
    | "formula.too_large"
    | "formula.too_long"
    | "formula.types"
    | "formula.unknown_function"
    | "formula.unknown_name"
    | "formula.want_number"
    | "formula.want_truth"
    | "handover.accounts_required"
    | "handover.date_invalid"
    | "handover.date_past"
    | "handover.item_unknown"
    | "handover.items_open"
    | "handover.kept"
    | "handover.not_owned"
    | "handover.not_party"
    | "handover.not_superior"
    | "handover.overlap"
    | "handover.rep_inactive"
    | "handover.rep_unknown"
    | "handover.same_rep"
    | "handover.signed"
    | "handover.state"
    | "handover.unsigned"
    | "honor.not_head"
    | "honor.not_published"
    | "honor.reason_required"
    | "honor.state"
    | "id.invalid"
    | "id.taken"
    | "import.ambiguous"
    | "import.at_once"
    | "import.cell_error"
    | "import.cell_too_long"
    | "import.column"
    | "import.column_needed"
    | "import.column_twice"
    | "import.digits_lost"
    | "import.encoding"
    | "import.file_too_large"
    | "import.incomplete"
    | "import.key_needed"
    | "import.no_file"
    | "import.no_rows"
    | "import.not_allowed"
    | "import.not_found"
    | "import.quotes"
    | "import.row_gone"
    | "import.row_referred"
    | "import.row_seen"
    | "import.row_too_long"
    | "import.row_touched"
    | "import.too_large"
    | "import.too_many"
    | "import.too_many_columns"
    | "import.too_much_text"
    | "import.too_wide"
    | "import.total"
    | "import.twice"
    | "import.undo_reason"
    | "import.undone"
    | "import.unknown"
    | "import.value"
    | "import.workbook"
    | "incentive.day_invalid"
    | "incentive.letter_unsigned"
    | "incentive.not_approved"
    | "incentive.not_finance"
    | "incentive.not_locked"
    | "incentive.nothing_to_export"
    | "incentive.state"
    | "indicator.invalid"
    | "indicator.locked"
    | "install_invalid"
    | "intel.direction"
    | "intel.not_addressed"
    | "intel.not_scorer"
    | "intel.own"
    | "intel.routed_invalid"
    | "intel.score_invalid"
    | "intel.text_required"
    | "internal"
    | "invoice.amount_over"
    | "invoice.amount_range"
    | "invoice.blob"
    | "invoice.buyer_name"
    | "invoice.buyer_tax"
    | "invoice.check_note"
    | "invoice.check_own"
    | "invoice.conflict"
    | "invoice.consecutive"
    | "invoice.dead"
    | "invoice.duplicate"
    | "invoice.duplicate_claim"
    | "invoice.empty"
    | "invoice.future"
    | "invoice.locked"
    | "invoice.no_total"
    | "invoice.not_finance"
    | "invoice.not_owner"
    | "invoice.nothing_to_repay"
    | "invoice.number_province"
    | "invoice.number_year"
    | "invoice.own_tax_invalid"
    | "invoice.own_twice"
    | "invoice.paper_missing"
    | "invoice.paper_required"
    | "invoice.qr_crc"
    | "invoice.qr_date"
    | "invoice.qr_unknown"
    | "invoice.receipt_alike"
    | "invoice.receipt_twice"
    | "invoice.red_letter"
    | "invoice.review"
    | "invoice.same_file"
    | "invoice.similar_image"
    | "invoice.split"
    | "invoice.state"
    | "invoice.sum"
    | "invoice.tax_number"
    | "invoice.tax_sum"
    | "invoice.two_folders"
    | "invoice.typed_invalid"
    | "invoice.unverified"
    | "invoice.used_elsewhere"
    | "invoice.used_up"
    | "invoice.verdict"
    | "invoice.verify_again"
    | "issue.action"
    | "issue.choice_invalid"
    | "issue.choice_open"
    | "issue.closed"
    | "issue.parent_open"
    | "issue.payload_missing"
    | "issue.reason_required"
    | "issue.row_changed"
    | "issues_full"
    | "json.depth"
    | "json.duplicate"
    | "json.members"
    | "json.number"
    | "json.size"
    | "json.syntax"
    | "json.text"
    | "json.type"
    | "ledger.booked"
    | "ledger.page"
    | "letter.draft_twice"
    | "letter.hash_other"
    | "letter.in_revision"
    | "letter.locked"
    | "letter.no_superior"
    | "letter.no_targets"
    | "letter.not_owner"
    | "letter.not_sent"
    | "letter.not_superior"
    | "letter.reason_required"
    | "letter.signature_required"
    | "letter.signed_twice"
    | "letter.state"
    | "letter.subject_invalid"
    | "letter.subject_left"
    | "letter.superior_changed"
    | "letter.targets_changed"
    | "letter.version_old"
    | "letter.year_invalid"
    | "login_limited"
    | "login_required"
    | "login_spent"
    | "mutation_id_taken"
    | "mutation_malformed"
    | "mutation_too_large"
    | "negotiation.objection_open"
    | "negotiation.term_invalid"
    | "negotiation.terms_missing"
    | "notice.unknown"
    | "number.kind_unknown"
    | "number_gap.dropped"
    | "number_gap.expired"
    | "number_gap.lost"
    | "number_gap.refused"
    | "number_gap.returned"
    | "number_gap.unsent"
    | "opportunity.amount_invalid"
    | "opportunity.field_required"
    | "opportunity.funnel_invalid"
    | "opportunity.locked"
    | "opportunity.lost_code_required"
    | "opportunity.major_undecided"
    | "opportunity.next_late"
    | "opportunity.not_head"
    | "opportunity.not_owner"
    | "opportunity.not_superior"
    | "opportunity.proof_required"
    | "opportunity.reason_required"
    | "opportunity.state"
    | "order.accept_invalid"
    | "order.account_required"
    | "order.amount_too_large"
    | "order.credit_exceeded"
    | "order.credit_release"
    | "order.cut_invalid"
    | "order.discount_too_high"
    | "order.empty"
    | "order.locked"
    | "order.not_listed"
    | "order.not_ops"
    | "order.not_owner"
    | "order.not_superior"
    | "order.price_missing"
    | "order.product_stopped"
    | "order.promised_invalid"
    | "order.quantity_fraction"
    | "order.quantity_invalid"
    | "order.quantity_min"
    | "order.quantity_step"
    | "order.reason_required"
    | "order.signature_required"
    | "order.state"
    | "order.total_min"
    | "order.total_rose"
    | "order.under_way"
    | "order.unit_unknown"
    | "org.appoint_invalid"
    | "org.cycle"
    | "org.delegate_circle"
    | "org.delegate_dates"
    | "org.delegate_invalid"
    | "org.delegate_judged"
    | "org.has_reports"
    | "org.head_needed"
    | "org.head_outside"
    | "org.head_taken"
    | "org.no_department"
    | "org.open_work"
    | "org.rep_manager"
    | "outreach.sent"
    | "overloaded"
    | "override.reason"
    | "paper.damaged"
    | "paper.doctype"
    | "paper.failed"
    | "paper.nothing"
    | "paper.too_much"
    | "paper.type_refused"
    | "payee.whose"
    | "payee_change.another_of_finance"
    | "payee_change.locked"
    | "payee_change.not_yours"
    | "payee_change.number_invalid"
    | "payee_change.state"
    | "payment.already"
    | "payment.approved_by_payer"
    | "payment.changed"
    | "payment.locked"
    | "payment.no_account"
    | "payment.no_payee"
    | "payment.not_approved"
    | "payment.not_finance"
    | "payment.not_head"
    | "payment.not_owed"
    | "payment.reason_required"
    | "payment.ref_required"
    | "payment.reversal_alone"
    | "payment.reversal_not_asked"
    | "payment.state"
    | "payment.to_payer"
    | "payment.under_way"
    | "payment_run.amount_differs"
    | "payment_run.answer_heads"
    | "payment_run.answer_line"
    | "payment_run.answer_unreadable"
    | "payment_run.contradicts"
    | "payment_run.empty"
    | "payment_run.encoding"
    | "payment_run.known"
    | "payment_run.locked"
    | "payment_run.lost_amount"
    | "payment_run.lost_line"
    | "payment_run.no_invalid"
    | "payment_run.not_exported"
    | "payment_run.not_finance"
    | "payment_run.not_in_gbk"
    | "payment_run.not_owner"
    | "payment_run.not_restored"
    | "payment_run.note_required"
    | "payment_run.other_run"
    | "payment_run.restored"
    | "payment_run.state"
    | "payment_run.too_many"
    | "payment_run.unanswered"
    | "payment_run.unknown_payment"
    | "penalty.amount_invalid"
    | "penalty.day_invalid"
    | "penalty.locked"
    | "penalty.no_repayment"
    | "penalty.not_finance"
    | "penalty.not_management"
    | "penalty.reason_required"
    | "penalty.state"
    | "plan.budget_invalid"
    | "plan.cause_required"
    | "plan.empty"
    | "plan.item_account"
    | "plan.item_day"
    | "plan.item_parent"
    | "plan.item_qty"
    | "plan.item_state"
    | "plan.locked"
    | "plan.misses_unexplained"
    | "plan.month_invalid"
    | "plan.month_taken"
    | "plan.not_owner"
    | "plan.not_superior"
    | "plan.progress_invalid"
    | "plan.reason_required"
    | "plan.target_invalid"
    | "policy.acked"
    | "policy.empty"
    | "policy.kept"
    | "policy.locked"
    | "policy.not_published"
    | "policy.state"
    | "position.decided"
    | "position.not_manager"
    | "position.waiting"
    | "preapproval.amount_invalid"
    | "preapproval.attendees_required"
    | "preapproval.consent_invalid"
    | "preapproval.days_invalid"
    | "preapproval.in_use"
    | "preapproval.locked"
    | "preapproval.no_node"
    | "preapproval.not_owner"
    | "preapproval.not_usable"
    | "preapproval.not_yours"
    | "preapproval.paper_overdue"
    | "preapproval.state"
    | "preapproval.too_late"
    | "preview.at_once"
    | "preview.later"
    | "price_list.contract_unbound"
    | "price_list.days_invalid"
    | "price_list.overlap"
    | "product_cost.amount_invalid"
    | "product_unit.own"
    | "promo_plan.activities_open"
    | "promo_plan.locked"
    | "promo_plan.state"
    | "promotion.cap_reached"
    | "promotion.days_invalid"
    | "promotion.rule_invalid"
    | "promotion_candidate.not_head"
    | "promotion_candidate.reason_required"
    | "promotion_candidate.state"
    | "rate_limited"
    | "realtime.gave_way"
    | "realtime.guest"
    | "rebate.account_required"
    | "rebate.contract_invalid"
    | "rebate.days_invalid"
    | "rebate.locked"
    | "rebate.not_finance"
    | "rebate.state"
    | "rebate.tiers_invalid"
    | "rebate.voucher_required"
    | "receipt.account_required"
    | "receipt.allocation_invalid"
    | "receipt.amount_invalid"
    | "receipt.day_invalid"
    | "receipt.locked"
    | "receipt.not_finance"
    | "receipt.not_reporter"
    | "receipt.own"
    | "receipt.paper_invalid"
    | "receipt.reason_required"
    | "receipt.state"
    | "receipt.twice"
    | "record.kept"
    | "record.not_allowed"
    | "record.not_found"
    | "record.unchanging"
    | "repair_reset"
    | "repair_stopped"
    | "report.exists"
    | "report.not_submitted"
    | "report.not_superior"
    | "report.period_invalid"
    | "report.submitted"
    | "report.text_required"
    | "report_definition.figures_required"
    | "report_definition.figures_twice"
    | "report_definition.not_owner"
    | "request.answer_required"
    | "request.decided"
    | "request.department"
    | "request.no_account"
    | "request.not_party"
    | "request.promise_past"
    | "request.reason_required"
    | "request.state"
    | "request.version"
    | "return.account_required"
    | "return.empty"
    | "return.locked"
    | "return.not_ops"
    | "return.not_owner"
    | "return.not_superior"
    | "return.order_state"
    | "return.photo_required"
    | "return.quantity_invalid"
    | "return.reason_required"
    | "return.state"
    | "return.too_much"
    | "review.incomplete"
    | "review.month_invalid"
    | "review.node_invalid"
    | "review.owner"
    | "review.owner_invalid"
    | "review.state"
    | "review.twice"
    | "rule.invalid"
    | "sample.month_open"
    | "sample.nothing_paid"
    | "satisfaction.answer_invalid"
    | "satisfaction.answer_missing"
    | "satisfaction.days_invalid"
    | "satisfaction.locked"
    | "satisfaction.nobody"
    | "satisfaction.not_closed"
    | "satisfaction.not_office"
    | "satisfaction.open_too_early"
    | "satisfaction.own_rows"
    | "satisfaction.period_invalid"
    | "satisfaction.period_open"
    | "satisfaction.state"
    | "saving.locked"
    | "saving.none"
    | "saving.not_finance"
    | "saving.not_owner"
    | "saving.reason_required"
    | "saving.state"
    | "schema_invalid"
    | "schema_too_old"
    | "scope_large"
    | "scope_too_large"
    | "scorecard.below_minimum"
    | "scorecard.below_threshold"
    | "scorecard.criterion_unknown"
    | "scorecard.evidence_required"
    | "scorecard.not_head"
    | "scorecard.rating_missing"
    | "scorecard.rating_range"
    | "scorecard.state"
    | "scoring.model_invalid"
    | "scoring.model_missing"
    | "scoring.model_other"
    | "scoring.model_used"
    | "service_channel.address_required"
    | "service_channel.owner_invalid"
    | "service_channel.twice"
    | "service_evaluation.action_required"
    | "service_evaluation.findings_required"
    | "service_evaluation.improving"
    | "service_evaluation.not_service"
    | "service_evaluation.state"
    | "service_standard.begun"
    | "service_standard.from_past"
    | "service_standard.levels_invalid"
    | "service_standard.locked"
    | "service_standard.not_head"
    | "service_standard.state"
    | "service_standard.twice"
    | "setting.date"
    | "setting.invalid"
    | "setting.unknown"
    | "shared.too_many"
    | "spool_gone"
    | "statement.answered_by_required"
    | "statement.locked"
    | "statement.month_invalid"
    | "statement.not_finance"
    | "statement.not_owner"
    | "statement.paper_invalid"
    | "statement.paper_required"
    | "statement.reason_required"
    | "statement.state"
    | "storage_unavailable"
    | "stream_gave_way"
    | "suggest.cadence"
    | "suggest.out_of_stock"
    | "suggest.shelf"
    | "survey.answers_invalid"
    | "survey.closed"
    | "sync.after_itself"
    | "sync.conflict"
    | "sync.discarded"
    | "sync.group_refused"
    | "sync.held"
    | "sync.parent_discarded"
    | "sync.proposed"
    | "sync.quarantined"
    | "sync_gap"
    | "sync_moved"
    | "target.account_invalid"
    | "target.account_metric"
    | "target.basis_required"
    | "target.below_parent"
    | "target.by_invalid"
    | "target.has_children"
    | "target.level_invalid"
    | "target.level_last"
    | "target.locked"
    | "target.none_below"
    | "target.not_owner"
    | "target.not_superior"
    | "target.numbers_invalid"
    | "target.over_parent"
    | "target.over_setting"
    | "target.parent_invalid"
    | "target.parent_open"
    | "target.parent_over"
    | "target.part_taken"
    | "target.part_twice"
    | "target.parts_required"
    | "target.periods_required"
    | "target.periods_sum"
    | "target.reason_required"
    | "target.state"
    | "target.twice"
    | "target.weights_invalid"
    | "target.year_invalid"
    | "too_many_mutations"
    | "track.no_consent"
    | "track.no_session"
    | "track.not_superior"
    | "track.outside_hours"
    | "track.outside_session"
    | "training.answers_closed"
    | "training.answers_invalid"
    | "training.audience_required"
    | "training.cancelled"
    | "training.date_required"
    | "training.due_invalid"
    | "training.keys_required"
    | "training.locked"
    | "training.no_quiz"
    | "training.not_trainee"
    | "training.not_trainer"
    | "training.passed"
    | "training.quiz_invalid"
    | "training.reason_required"
    | "training.state"
    | "training.too_early"
    | "training.tries_over"
    | "upload.checksum_mismatch"
    | "upload.disk_full"
    | "upload.expired"
    | "upload.gave_way"
    | "upload.locked"
    | "upload.not_found"
    | "upload.offset_mismatch"
    | "upload.quota"
    | "upload.request"
    | "user_disabled"
    | "user_required"
    | "validation"
    | "visit.account_required"
    | "visit.companion_invalid"
    | "visit.contact_invalid"
    | "visit.crs_unknown"
    | "visit.day_implausible"
    | "visit.deviation_reason"
    | "visit.kept"
    | "visit.locked"
    | "visit.not_head"
    | "visit.not_owner"
    | "visit.not_superior"
    | "visit.plan_item_foreign"
    | "visit.position_invalid"
    | "visit.prep_required"
    | "visit.reason_required"
    | "visit.report_incomplete"
    | "visit.state"
    | "visit.step_required"
    | "visit.void_missing"
    | "visit.void_pending"
    | "voucher.month_invalid"
    | "voucher.no_ledger_account"
    | "voucher.not_finance"
    | "voucher.system"
    | "voucher.unbalanced"
    | "wait_invalid"
    | "webhook.event_unknown"
    | "webhook.events"
    | "webhook.secret"
    | "webhook.url"
    | "webhook.url_secret"
    | "work.day_implausible"
    | "work.end_before_start"
    | "work.not_owner"
    | "work.session_over"
    | "work.session_taken";
