using CampaignManager.Application.Lake;

namespace CampaignManager.Application.ShopData.Writing;

/// <summary>Customers as lists and first orders know them, and exposures.</summary>
internal sealed class PeopleWrite(WriteStage stage)
{
    /// <summary>The source of what this shop's own enrolment says: whoever is in an epoch entered it once, and the first entry stays.</summary>
    public const string FirstStays = "enrolment";

    private static readonly string[] Plain =
        ["joined_at", "region", "country", "channel", "device", "email_opt_in", "opt_out_marketing", "opt_out_personalisation", "member_tier", "tags"];

    public void Write()
    {
        // Two rows of a person in one list say together what each says.
        stage.Run($"""
            CREATE OR REPLACE TEMP TABLE people AS
            SELECT customer_id, customer_id AS who, bit_xor(DISTINCT content_hash) AS content_hash, min(row) AS row, {string.Join(", ", Plain.Select(c => $"arg_max({c}, n) AS {c}"))}
            FROM in_customers GROUP BY ALL
            """);
        Verdict.Make(stage, LakeTable.Customers, "SELECT * FROM people", "joined_from IS NULL OR joined_from = 'file'");
        stage.Add(LakeTable.Customers, $"""
            SELECT * EXCLUDE (who, what, tags), string_split(tags, chr(10)) AS tags, CASE WHEN joined_at IS NOT NULL THEN 'file' END AS joined_from, false AS deleted, {stage.Origin}
            FROM v_customers WHERE what <> 'same'
            """, $"SELECT *, false AS deleted, {stage.Origin} FROM stubs");
        Verdict.Make(stage, LakeTable.Exposures, """
            SELECT *, customer_id AS who FROM in_exposures QUALIFY row_number() OVER (PARTITION BY experiment_id, epoch, customer_id ORDER BY n DESC) = 1
            """, "true");
        var first = stage.Source == $"'{FirstStays}'";
        stage.Add(LakeTable.Exposures, $"SELECT * EXCLUDE (n, who, what), false AS deleted, {stage.Origin} FROM v_exposures WHERE what {(first ? "= 'new'" : "<> 'same'")}",
            first ? null : Verdict.Tombs(stage, LakeTable.Exposures, ["campaign", "bucket"]));
    }
}
