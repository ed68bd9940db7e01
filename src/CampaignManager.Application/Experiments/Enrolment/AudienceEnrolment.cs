using CampaignManager.Application.Audiences;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Campaigns.Epochs;
using CampaignManager.Application.Data;
using CampaignManager.Application.Lake;
using CampaignManager.Engine.Experiments;
using DuckDB.NET.Data;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Experiments.Enrolment;

/// <summary>
/// Enrols everybody who is in the audience of a live campaign by what is known of customers: at launch all of it, every hour those who came since. Campaigns that take a code are
/// entered with the code.
/// </summary>
internal sealed class AudienceEnrolment(DataLake lake, IDbContextFactory<AppDbContext> contexts, ExposureStore store, NeverEnrolled never, TimeProvider time)
{
    /// <summary>Entries held in memory.</summary>
    private const int MostHeld = 50_000;

    /// <returns>How many entries were written.</returns>
    public async Task<long> RunAsync(Func<double, Task>? report, CancellationToken cancel)
    {
        var began = time.GetUtcNow().UtcDateTime;
        var campaigns = await CampaignsAsync(began, cancel);
        long written = 0;
        var quarter = await QuarterAsync(began, cancel);
        if (campaigns.Count > 0 && File.Exists(lake.PathTo(CustomerFeatures.CurrentFile)))
        {
            var there = await ThereAsync(campaigns, cancel);
            List<Entry> entries = [];
            using var connection = lake.Open();
            using var command = connection.CreateCommand();
            command.CommandText = Sql(connection);
            command.UseStreamingMode = true;
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                Enter(reader, campaigns, there, quarter, entries);
                if (entries.Count < MostHeld)
                    continue;
                written += await store.AddManyAsync(entries, cancel);
                entries.Clear();
                if (report is not null)
                    await report(0.5);
            }

            written += await store.AddManyAsync(entries, cancel);
        }

        var ids = campaigns.Select(c => c.Epoch!.Id).ToList();
        await using var context = await contexts.CreateDbContextAsync(cancel);
        context.OnlyChangesUsage = true;
        await context.ExperimentEpochs.Where(e => e.EndedAt == null && e.Measured && (ids.Contains(e.Id) || e.BeganAt <= began))
            .ExecuteUpdateAsync(s => s.SetProperty(e => e.EnrolledAt, began), cancel);
        return written;
    }

    private static void Enter(DuckDBDataReader reader, IReadOnlyList<HeldCampaign> campaigns, Dictionary<long, ulong[]> there, GlobalHoldout? quarter, List<Entry> entries)
    {
        var customer = reader.GetString(0);
        if (quarter is not null && Assignment.IsControl(quarter.Salt, customer, quarter.Share))
            return;
        string[] segments = reader.IsDBNull(1) ? [] : reader.GetString(1).Split('\u001f');
        var member = new EnrolmentMember(segments, reader.IsDBNull(2) ? null : reader.GetBoolean(2), reader.IsDBNull(3) ? null : reader.GetString(3));
        ulong? hash = null;
        foreach (var campaign in campaigns)
        {
            if (!EnrolmentAudience.Has(campaign.Rules.Audience, member))
                continue;
            hash ??= NeverEnrolled.HashOf(customer);
            if (Array.BinarySearch(there[campaign.Epoch!.Id], hash.Value) < 0)
                entries.Add(QuoteEnrolment.EntryOf(campaign, customer));
        }
    }

    private async Task<IReadOnlyList<HeldCampaign>> CampaignsAsync(DateTime now, CancellationToken cancel)
    {
        await using var context = await contexts.CreateDbContextAsync(cancel);
        var live = context.Campaigns.Where(c => c.Status == CampaignStatus.Live && (c.StartsAt == null || c.StartsAt <= now) && (c.EndsAt == null || c.EndsAt > now)
            && context.Set<ExperimentEpoch>().Any(e => e.ExperimentId == c.Id && e.EndedAt == null && e.Measured));
        return [.. (await CampaignBook.ReadAsync(context, live, cancel)).Where(c => !c.TakesCode)];
    }

    private async Task<GlobalHoldout?> QuarterAsync(DateTime now, CancellationToken cancel)
    {
        await using var context = await contexts.CreateDbContextAsync(cancel);
        return await context.GlobalHoldouts.AsNoTracking().SingleOrDefaultAsync(h => h.BeganAt <= now && h.EndsAt > now, cancel);
    }

    /// <summary>Who is in each epoch already, so that an hourly look writes only those who came since.</summary>
    private async Task<Dictionary<long, ulong[]>> ThereAsync(IReadOnlyList<HeldCampaign> campaigns, CancellationToken cancel)
    {
        var there = new Dictionary<long, ulong[]>();
        await using var context = await contexts.CreateDbContextAsync(cancel);
        foreach (var epoch in campaigns.Select(c => c.Epoch!.Id))
        {
            List<ulong> hashes = [];
            await foreach (var customer in context.Exposures.Where(e => e.EpochId == epoch).Select(e => e.CustomerId).AsAsyncEnumerable().WithCancellation(cancel))
                hashes.Add(NeverEnrolled.HashOf(customer));
            hashes.Sort();
            there[epoch] = [.. hashes];
        }

        return there;
    }

    private string Sql(DuckDBConnection connection)
    {
        var features = lake.SourceOf(CustomerFeatures.CurrentFile);
        var columns = connection.Query($"SELECT column_name FROM (DESCRIBE SELECT * FROM {features})", r => r.GetString(0));
        var segments = File.Exists(lake.PathTo(SegmentService.CurrentFile))
            ? $"(SELECT customer_id, string_agg(segment, chr(31)) AS segments FROM {lake.SourceOf(SegmentService.CurrentFile)} GROUP BY 1)"
            : "(SELECT NULL::VARCHAR AS customer_id, NULL::VARCHAR AS segments WHERE false)";
        return $"""
            SELECT f.customer_id, s.segments, f.x_orders = 0, {(columns.Contains("c_region") ? "f.c_region" : "NULL::VARCHAR")}
            FROM {features} f LEFT JOIN {segments} s USING (customer_id) ANTI JOIN {never.Sql} n USING (customer_id)
            """;
    }
}
