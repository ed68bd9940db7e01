using System.Globalization;
using CampaignManager.Application.Audiences;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Data;
using CampaignManager.Application.Lake;
using CampaignManager.Application.TrainingData;
using CampaignManager.Application.Uplift.Models;
using CampaignManager.Engine.Audiences;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Tests.Uplift.Scoring;

/// <summary>Customers with scores as a run leaves them, laid down by hand: which model would have given them does not matter.</summary>
internal static class ScoredCustomers
{
    public static readonly DateTime At = new(2026, 10, 1, 8, 0, 0, DateTimeKind.Utc);

    private static readonly MetricInterval None = new(0, 0, 0);

    private static readonly CultureInfo Plain = CultureInfo.InvariantCulture;

    /// <summary>The features that segments and audiences look at.</summary>
    public static void LayFeatures(DataLake lake, params (string Id, string Lifecycle, string? Favourite)[] customers)
    {
        var rows = customers.Select(c => $"('{c.Id}', '{c.Lifecycle}', {(c.Favourite is null ? "NULL" : $"'{c.Favourite}'")}, 'east', 'app', 1.0)");
        using var connection = lake.Open(threads: 1);
        lake.WriteFile(
            connection, $"SELECT * FROM (VALUES {string.Join(", ", rows)}) t(customer_id, c_lifecycle, c_favourite, c_region, c_channel, x_orders) ORDER BY customer_id", CustomerFeatures.CurrentFile);
    }

    /// <summary>A version of the shop's model, and in use.</summary>
    public static async Task<Guid> ModelInUseAsync(IDbContextFactory<AppDbContext> contexts)
    {
        await using var context = await contexts.CreateDbContextAsync();
        var version = new ModelVersion
        {
            Id = Guid.NewGuid(),
            Number = 1 + await context.ModelVersions.CountAsync(),
            Scope = ModelVersion.ShopScope,
            Source = "shop",
            Outcome = "converted",
            OutcomeKind = UpliftOutcome.Binary,
            Learner = "s",
            DataHash = "",
            Metrics = FigureJson.Write(new ModelMetrics("treated", None, None, None, None, None, None, None, null, null, null, ModelMetrics.Detected)),
        };
        context.ModelVersions.Add(version);
        context.ModelPromotions.Add(new ModelPromotion { Scope = ModelVersion.ShopScope, ModelVersionId = version.Id, At = At });
        await context.SaveChangesAsync();
        return version.Id;
    }

    /// <summary>A whole run of the version; one uplift for each treated arm.</summary>
    public static Task ScoreAsync(DataLake lake, Guid model, params (string Id, double Uplift)[] scores) => ScoreAsync(lake, model, At, [.. scores.Select(s => (s.Id, new[] { s.Uplift }))]);

    public static async Task ScoreAsync(DataLake lake, Guid model, DateTime at, params (string Id, double[] Uplift)[] scores)
    {
        var (scoreLake, arms, hashes) = (new CustomerScores(lake), scores[0].Uplift.Length, new Dictionary<int, string>());
        var basis = new ScoreBasis(model, "m", at.Ticks.ToString(Plain), null, null);
        scoreLake.Open(basis);
        using var connection = lake.Open(threads: 1);
        for (var bucket = 0; bucket < lake.Buckets; bucket++)
        {
            var columns = string.Join(", ", Enumerable.Range(1, arms).Select(arm => string.Create(Plain, $"uplift_{arm}")));
            var rows = scores.Where(s => CustomerBucket.Of(s.Id, lake.Buckets) == bucket)
                .Select(s => $"('{s.Id}', {string.Join(", ", s.Uplift.Select(u => u.ToString("R", Plain) + "::DOUBLE"))})").ToList();
            var none = $"('', {string.Join(", ", Enumerable.Repeat("0::DOUBLE", arms))})";
            lake.WriteFile(
                connection, $"SELECT *, 0.1::DOUBLE AS control FROM (VALUES {string.Join(", ", rows.DefaultIfEmpty(none))}) t(customer_id, {columns}) WHERE customer_id <> '' ORDER BY customer_id", CustomerScores.FileOf(model, bucket));
            hashes[bucket] = (await scoreLake.SealAsync(basis, bucket, rows.Count, CancellationToken.None)).Sha256;
        }

        await scoreLake.SealAsync(new ScoredRun(basis, at, at, null, [.. Enumerable.Range(1, arms).Select(arm => string.Create(Plain, $"arm {arm}"))], scores.Length, hashes), CancellationToken.None);
    }
}
