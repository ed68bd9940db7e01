using System.Globalization;
using CampaignManager.Application.Lake;
using CampaignManager.Application.ShopData.Reading;
using DuckDB.NET.Data;

namespace CampaignManager.Application.ShopData.Writing;

/// <summary>Events: the first of an id stays. Ids are compared by their hash, some millions at once, and only those that came twice are looked at themselves.</summary>
internal sealed class EventWrite(WriteStage stage, IRejects rejects)
{
    private const long IdsAtOnce = 16_000_000;
    private const int RobotEvents = 100;

    public void Write(long rows)
    {
        stage.Run("""
            CREATE OR REPLACE TABLE bad (
                n BIGINT, what VARCHAR, there BOOLEAN, event_id VARCHAR, content_hash BIGINT, who VARCHAR, bucket INTEGER)
            """);
        var parts = Math.Max(1, (rows + IdsAtOnce - 1) / IdsAtOnce);
        for (long part = 0; part < parts; part++)
            Compare(parts == 1 ? "true" : string.Create(CultureInfo.InvariantCulture, $"hash(event_id) % {parts} = {part}"));
        stage.Run($"INSERT INTO claims SELECT '{LakeTable.Events.Name}', {stage.Source}, event_id, content_hash, who FROM bad WHERE what = 'same' AND there");
        stage.Count("duplicates", stage.Scalar("SELECT count(*) FROM bad WHERE what = 'same'"));
        stage.Count("conflicts", stage.Scalar("SELECT count(*) FROM bad WHERE what = 'conflict'"));
        Reject();
        var kept = stage.Scalar("SELECT count(*) FROM bad") == 0 ? "in_events" : "(SELECT * FROM in_events ANTI JOIN bad USING (n))";
        var rowsOf = stage.Connection.Query(
            """
            SELECT bucket, sum(came)::BIGINT, sum(bad)::BIGINT
            FROM (SELECT bucket, 1 AS came, 0 AS bad FROM in_events UNION ALL SELECT bucket, 0, 1 FROM bad) GROUP BY 1 ORDER BY 1
            """,
            r => (r.IsDBNull(0) ? null : r.GetInt32(0).ToString(CultureInfo.InvariantCulture), r.GetInt64(1), r.GetInt64(2)));
        // Whoever has not a hundred at all has not a hundred in any ten minutes, and most people have not.
        stage.Run($"""
            CREATE OR REPLACE TABLE many AS
            SELECT coalesce(customer_id, anonymous_id) AS who, bucket FROM in_events GROUP BY ALL HAVING count(*) > {RobotEvents}
            """);
        stage.Count("robots", 0);
        stage.Each(rowsOf, (own, part) => WriteBucket(own, part.Item1, part.Item2, part.Item3));
        stage.Written(LakeTable.Events, $"{kept}");
        stage.Run($"INSERT INTO stubs {Stubs(kept)}");
    }

    /// <summary>Customers as their first event knows them.</summary>
    public static string Stubs(string events) => $"""
        SELECT customer_id, min("at") AS joined_at, 'first-event' AS joined_from, NULL AS region, NULL AS channel FROM {events} WHERE customer_id IS NOT NULL GROUP BY 1
        """;

    private void Compare(string part)
    {
        var there = $"(SELECT event_id, content_hash, customer_id, version FROM {stage.AllVersions(LakeTable.Events)} WHERE source = {stage.Source} AND NOT deleted AND {part})";
        stage.Run($"CREATE OR REPLACE TEMP TABLE hashes AS SELECT hash(event_id) AS h, count(*) AS times FROM in_events WHERE {part} GROUP BY 1");
        stage.Run($"""
            CREATE OR REPLACE TEMP TABLE there AS
            SELECT event_id, arg_max(struct_pack(hash := content_hash, who := customer_id), version) AS first
            FROM {there} WHERE hash(event_id) IN (SELECT h FROM hashes) GROUP BY 1
            """);
        stage.Run($"""
            INSERT INTO bad
            SELECT n, CASE WHEN first.hash = content_hash AND first.who IS NOT DISTINCT FROM customer_id THEN 'same' ELSE 'conflict' END,
                   before, event_id, content_hash, customer_id, bucket
            FROM (
                SELECT i.n, i.event_id, i.content_hash, i.customer_id, i.bucket,
                       t.event_id IS NOT NULL AS before, row_number() OVER w AS nr,
                       coalesce(t.first, first_value(struct_pack(hash := i.content_hash, who := i.customer_id)) OVER w) AS first
                FROM (SELECT n, event_id, content_hash, customer_id, bucket FROM in_events WHERE {part} AND hash(event_id) IN (
                          SELECT h FROM hashes WHERE times > 1 UNION ALL SELECT hash(event_id) FROM there)) i
                LEFT JOIN there t USING (event_id) WINDOW w AS (PARTITION BY i.event_id ORDER BY i.n))
            WHERE before OR nr > 1
            """);
    }

    private void WriteBucket(DuckDBConnection own, string? bucket, long came, long bad)
    {
        var where = bucket is null ? "bucket IS NULL" : "bucket = " + bucket;
        stage.Count("written:events", came - bad);
        var robot = FindRobots(own, where) ? "n IN (SELECT n FROM robots)" : "false";
        if (came == bad)
            return;
        var left = bad == 0 ? "" : $" ANTI JOIN (SELECT n FROM bad WHERE {where}) USING (n)";
        // What all rows have in common joins them after they are sorted.
        stage.AddMore(own, LakeTable.Events, $"""
            SELECT * EXCLUDE (n), false AS deleted, {stage.Origin}
            FROM (SELECT event_id, customer_id, type, sku, quantity, unit_price_minor, order_id, rating, text, "at", anonymous_id, currency,
                         campaign_id, received_at, {robot} AS robot, row, content_hash, n
                  FROM in_events{left} WHERE {where} ORDER BY "at", n)
            """, (bucket ?? "NULL") + "::INTEGER");
    }

    /// <summary>The events of robots, as a table.</summary>
    /// <returns>Whether there are any.</returns>
    private bool FindRobots(DuckDBConnection own, string where)
    {
        if (own.Scalar<long>($"SELECT count(*) FROM many WHERE {where}") == 0)
            return false;
        var rows = $"""(SELECT n, "at", coalesce(customer_id, anonymous_id) AS who FROM in_events WHERE {where})""";
        // Whoever has not fifty in some ten minutes by the clock has not a hundred in any ten.
        own.Run($"""
            CREATE OR REPLACE TEMP TABLE busy AS SELECT DISTINCT who FROM (
                SELECT who FROM {rows} SEMI JOIN many USING (who)
                GROUP BY 1, time_bucket(INTERVAL 10 MINUTE, "at") HAVING count(*) > {RobotEvents / 2})
            """, stage.Cancel);
        // All that lies in such ten minutes, in its middle too.
        own.Run($"""
            CREATE OR REPLACE TEMP TABLE robots AS
            SELECT n, who FROM (
                SELECT n, who, bool_or(much) OVER (PARTITION BY who ORDER BY "at" RANGE BETWEEN INTERVAL 10 MINUTE PRECEDING AND CURRENT ROW) AS robot
                FROM (SELECT n, who, "at", count(*) OVER (PARTITION BY who ORDER BY "at" RANGE BETWEEN CURRENT ROW AND INTERVAL 10 MINUTE FOLLOWING) > {RobotEvents} AS much
                      FROM {rows} SEMI JOIN busy USING (who)))
            WHERE robot
            """, stage.Cancel);
        var robots = own.Scalar<long>("SELECT count(DISTINCT who) FROM robots");
        stage.Count("robots", robots);
        return robots > 0;
    }

    private void Reject()
    {
        using var command = stage.Connection.CreateCommand();
        command.CommandText = "SELECT e.file, e.row, e.event_id, e.type, e.\"at\", e.customer_id, e.sku FROM in_events e JOIN bad b USING (n) WHERE b.what = 'conflict' ORDER BY e.n";
        command.UseStreamingMode = true;
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var id = reader.GetString(2);
            List<KeyValuePair<string, string>> cells = [new("event_id", id), new("type", reader.GetString(3)),
                new("at", reader.GetDateTime(4).ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture))];
            if (!reader.IsDBNull(5))
                cells.Add(new("customer_id", reader.GetString(5)));
            if (!reader.IsDBNull(6))
                cells.Add(new("sku", reader.GetString(6)));
            rejects.Add(new RejectedRow(reader.GetInt32(0), reader.GetInt64(1), "id-conflict", id, cells));
        }
    }
}
