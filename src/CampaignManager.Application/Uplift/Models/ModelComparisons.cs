using CampaignManager.Application.Lake;
using CampaignManager.Application.TrainingData;
using CampaignManager.Application.Uplift.Training;
using CampaignManager.Engine.Uplift;

namespace CampaignManager.Application.Uplift.Models;

/// <summary>Compares versions on rows that neither has seen.</summary>
public sealed class ModelComparisons(ModelService models, ModelStore store, UpliftTableReader tables, DataLake lake)
{
    private const int FewestRows = 100;
    private const int CurvePoints = 120;

    public async Task<Outcome<ModelComparison>> CompareAsync(Guid a, Guid b, CancellationToken cancellationToken)
    {
        if (a == b)
            return Failure.Invalid("b", "Choose two different versions.");
        var (one, other) = (await models.FindAsync(a, cancellationToken), await models.FindAsync(b, cancellationToken));
        if (!one.Succeeded || !other.Succeeded)
            return Failure.NotFound("The model");
        var first = one.Value.Row.InUse || (!other.Value.Row.InUse && IsOlder(one.Value.Row, other.Value.Row));
        var (champion, challenger) = first ? (one.Value, other.Value) : (other.Value, one.Value);
        if (champion.Manifest is not { } old || challenger.Manifest is not { } young)
            return new ModelComparison(champion, challenger, [], NotPaired.Damaged);
        if (!AreAlike(old, young))
            return new ModelComparison(champion, challenger, [], NotPaired.OtherData);
        if (old.Observational)
            return new ModelComparison(champion, challenger, [], NotPaired.Observational);
        if (!await IsStillThereAsync(old, cancellationToken))
            return new ModelComparison(champion, challenger, [], NotPaired.DataGone);
        try
        {
            var scores = (
                Old: await store.VerifiedPathAsync(old.Id, ModelManifest.ScoresFile, cancellationToken),
                Young: await store.VerifiedPathAsync(young.Id, ModelManifest.ScoresFile, cancellationToken));
            var arms = await Task.Run(() => Compare(old, young, scores.Old, scores.Young, cancellationToken), cancellationToken);
            return arms.Count == 0 ? new ModelComparison(champion, challenger, [], NotPaired.TooFewRows) : new ModelComparison(champion, challenger, arms, null);
        }
        catch (ModelDamagedException)
        {
            return new ModelComparison(champion, challenger, [], NotPaired.Damaged);
        }
    }

    /// <summary>Treated arms of both whose figures can stand side by side: none where the outcomes are in different units.</summary>
    public static IReadOnlyList<string> SharedArms(ModelManifest one, ModelManifest other) =>
        (one.Outcome.Kind, one.Outcome.Currency) == (other.Outcome.Kind, other.Outcome.Currency) ? [.. one.Arms.Skip(1).Where(other.Arms.Skip(1).Contains)] : [];

    /// <summary>Whether both learnt the same thing from the same rows.</summary>
    public static bool AreAlike(ModelManifest a, ModelManifest b) =>
        a.DataHash == b.DataHash && a.Scope == b.Scope && a.Outcome.Name == b.Outcome.Name && a.Arms.SequenceEqual(b.Arms);

    private static bool IsOlder(ModelRow a, ModelRow b) => a.Scope == b.Scope ? a.Number < b.Number : a.CreatedAt < b.CreatedAt;

    private static string Folder(ModelManifest manifest) =>
        manifest.ExperimentId is { } id ? UpliftTableManifest.ExperimentFolder(id) : UpliftTableManifest.ShopFolder;

    // An experiment's table is written once; the shop's is written anew by every computation of features.
    private async Task<bool> IsStillThereAsync(ModelManifest manifest, CancellationToken cancellationToken)
    {
        if (!File.Exists(lake.PathTo(Path.Combine(Folder(manifest), UpliftTableManifest.TableFile))))
            return false;
        return manifest.ExperimentId is not null || (await tables.ReadAsync(Folder(manifest), cancellationToken)).Hash() == manifest.DataHash;
    }

    private List<ComparedArm> Compare(ModelManifest manifest, ModelManifest other, string championScores, string challengerScores, CancellationToken cancellationToken)
    {
        var named = UpliftTableManifest.Parse(File.ReadAllText(lake.PathTo(Path.Combine(Folder(manifest), UpliftTableManifest.ManifestFile)))).Arms.ToList();
        var compared = new List<ComparedArm>();
        using var connection = lake.Open();
        for (var arm = 1; arm < manifest.Arms.Count; arm++)
        {
            var rows = connection.Query(
                $"""
                SELECT t."y_{manifest.Outcome.Name.Replace("\"", "\"\"", StringComparison.Ordinal)}"::DOUBLE, t.arm <> {named.IndexOf(manifest.Arms[0])}, a.{Ranking(manifest, arm)}, b.{Ranking(other, arm)}
                FROM {lake.SourceOf(Path.Combine(Folder(manifest), UpliftTableManifest.TableFile))} t
                JOIN read_parquet('{DataLake.Quote(championScores)}') a ON a."row" = t."row" JOIN read_parquet('{DataLake.Quote(challengerScores)}') b ON b."row" = t."row"
                WHERE a.split = 'test' AND b.split = 'test' AND t.arm IN ({named.IndexOf(manifest.Arms[0])}, {named.IndexOf(manifest.Arms[arm])}) ORDER BY t."row"
                """,
                r => (Y: r.GetDouble(0), Treated: r.GetBoolean(1), Champion: r.GetDouble(2), Challenger: r.GetDouble(3)));
            var treated = rows.Count(r => r.Treated);
            if (treated < FewestRows || rows.Count - treated < FewestRows)
                return [];
            double[] y = [.. rows.Select(r => r.Y)], champion = [.. rows.Select(r => r.Champion)], challenger = [.. rows.Select(r => r.Challenger)];
            bool[] arms = [.. rows.Select(r => r.Treated)];
            compared.Add(new ComparedArm(
                manifest.Arms[arm], rows.Count, treated, PairedBootstrap.Compare(y, arms, champion, challenger, token: cancellationToken),
                Thin(new UpliftRanking(y, arms, champion).QiniCurve()), Thin(new UpliftRanking(y, arms, challenger).QiniCurve())));
        }

        return compared;
    }

    // A response model has no uplift to rank by: what it ranks by is the response.
    private static string Ranking(ModelManifest manifest, int arm) => manifest.Learner == UpliftLearners.Response ? $"treated_{arm}" : $"uplift_{arm}";

    private static IReadOnlyList<CurvePoint> Thin(IReadOnlyList<CurvePoint> curve) => curve.Count <= CurvePoints
        ? curve
        : [.. Enumerable.Range(0, CurvePoints).Select(i => curve[(int)((long)i * (curve.Count - 1) / (CurvePoints - 1))])];
}
