using CampaignManager.Application.Lake;
using CampaignManager.Application.TrainingData;
using CampaignManager.Application.Uplift.Scoring;
using CampaignManager.Engine.Uplift;

namespace CampaignManager.Application.Uplift.Models;

/// <summary>How a new version stands against the one in use.</summary>
/// <param name="Campaign">The campaign on which they were held against each other; null where there is none.</param>
/// <param name="Rows">Its rows that neither has learnt from.</param>
/// <param name="ProbabilityBetter">Of the new one ranking them better.</param>
public sealed record TrialVerdict(Guid? Campaign, int Rows, double ProbabilityBetter)
{
    /// <summary>From here on the new one is put into use.</summary>
    public const double Enough = 0.9;

    public static readonly TrialVerdict Unjudged = new(null, 0, 0);

    public bool Wins => Campaign is not null && ProbabilityBetter > Enough;
}

/// <summary>
/// Holds a new version of the shop's model against the one in use, on the newest campaign that the latter has not seen and on rows that the former held
/// out: neither knows what it is asked.
/// </summary>
public sealed class ChallengerTrial(ModelStore store, UpliftTableReader tables, DataLake lake)
{
    private const int FewestRows = 100;

    /// <summary>Of a version trained just now: the shop's table is the one it learnt from.</summary>
    public async Task<TrialVerdict> JudgeAsync(ModelRow champion, Guid challenger, CancellationToken cancellationToken)
    {
        if (champion.DataTo is not { } learnt)
            return TrialVerdict.Unjudged;
        try
        {
            var (manifest, stored) = await store.LoadAsync(champion.Id, cancellationToken);
            var young = await store.ManifestAsync(challenger, cancellationToken);
            if (manifest.Outcome.Name != young.Outcome.Name || !manifest.Arms.SequenceEqual(young.Arms) || manifest.Observational || young.Observational)
                return TrialVerdict.Unjudged;
            var table = await tables.ReadAsync(UpliftTableManifest.ShopFolder, cancellationToken);
            if (table.Hash() != young.DataHash)
                return TrialVerdict.Unjudged;
            var scores = await store.VerifiedPathAsync(challenger, ModelManifest.ScoresFile, cancellationToken);
            return await Task.Run(() => Judge(manifest, stored, table, learnt, scores, cancellationToken), cancellationToken);
        }
        catch (Exception gone) when (gone is ModelDamagedException or FileNotFoundException)
        {
            return TrialVerdict.Unjudged;
        }
    }

    private TrialVerdict Judge(ModelManifest manifest, StoredModel stored, UpliftTable table, DateTime learnt, string scores, CancellationToken cancellationToken)
    {
        using var connection = lake.Open();
        // A campaign that began before may be half known to the champion.
        var newest = connection.Query(
            $"""
            SELECT campaign_id FROM {lake.Source(LakeTable.Exposures)} WHERE coalesce(randomised, true)
            GROUP BY campaign_id HAVING min(assigned_at) > {DataLake.Moment(learnt)} ORDER BY max(assigned_at) DESC, campaign_id
            """,
            r => r.GetString(0)).FirstOrDefault(id => table.CampaignIds.Contains(id));
        if (newest is null || !Guid.TryParse(newest, out var campaign))
            return TrialVerdict.Unjudged;
        var held = connection.Query(
            $"""SELECT "row"::BIGINT, uplift_1::DOUBLE FROM read_parquet('{DataLake.Quote(scores)}') WHERE split = 'test'""",
            r => (Row: r.GetInt64(0), Uplift: r.GetDouble(1))).ToDictionary(r => r.Row, r => r.Uplift);
        int[] rows = [.. Enumerable.Range(0, table.Count).Where(i => table.CampaignIds[i] == newest && held.ContainsKey(table.Rows[i]))];
        bool[] treated = [.. rows.Select(i => table.Arms[i] != 0)];
        if (treated.Count(t => t) < FewestRows || treated.Count(t => !t) < FewestRows)
            return TrialVerdict.Unjudged;
        var asked = table.Select(rows);
        var paired = PairedBootstrap.Compare(
            asked.Outcomes[manifest.Outcome.Name], treated, ModelScorer.Score(manifest, stored, asked, cancellationToken).Uplift[0],
            [.. rows.Select(i => held[table.Rows[i]])], token: cancellationToken);
        return new TrialVerdict(campaign, rows.Length, paired.Deciding.ProbabilityBetter);
    }
}
