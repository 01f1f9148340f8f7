package gate

// OpenIssues counts rows of sync_issues towards issues.open_max: one that keeps more
// than 16 KiB of work counts once for each 16 KiB, since who leads its user pulls it
// whole.
const OpenIssues = "COALESCE(SUM(1 + octet_length(COALESCE(payload, '')) / 16384), 0)"
