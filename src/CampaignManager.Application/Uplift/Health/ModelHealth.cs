using CampaignManager.Application.Audiences;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Uplift.Models;
using Microsoft.Extensions.Options;

namespace CampaignManager.Application.Uplift.Health;

/// <summary>What is to be said beside every prediction of a version.</summary>
/// <param name="Drifted">Features, and scores, that have moved too far.</param>
/// <param name="AgeDays">Since it was trained.</param>
/// <param name="Stale">Whether that is too long.</param>
/// <param name="TakenBack">Imports that it learnt from and that were undone since.</param>
public sealed record ModelCondition(Guid ModelId, int Drifted, int AgeDays, bool Stale, int TakenBack = 0)
{
    public const string DriftedCode = "model-drifted";

    public const string StaleCode = "model-stale";

    public const string UndoneDataCode = "model-undone-data";

    public bool IsSound => Drifted == 0 && !Stale && TakenBack == 0;

    /// <summary>The same for machines; empty for a sound version.</summary>
    public IReadOnlyList<string> Warnings => [.. Drifted > 0 ? [DriftedCode] : Array.Empty<string>(), .. Stale ? [StaleCode] : Array.Empty<string>(),
        .. TakenBack > 0 ? [UndoneDataCode] : Array.Empty<string>()];
}

/// <summary>The condition of the version in use for the shop; drift is worked out once for each state of version, features and scores.</summary>
public sealed class ModelHealth(ModelService models, DriftService drift, CustomerScores scores, DataLake lake, IOptions<ModelOptions> options, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly CancellationTokenSource ended = new();
    private ((Guid, DateTime, DateTime?) State, DriftReport? Report)? known;

    /// <summary>Null while no version is in use.</summary>
    /// <exception cref="OperationCanceledException">Nobody waits any more, or the app stops.</exception>
    public async Task<ModelCondition?> OfShopAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, ended.Token);
            return await ConditionAsync(stop.Token);
        }
        catch (ObjectDisposedException gone)
        {
            // A page that is still open when the app stops finds database, lake and this here gone, one after the other: that is no fault of anybody's.
            throw new OperationCanceledException("The app is stopping.", gone, cancellationToken);
        }
    }

    /// <summary>The version in use with its drift; both null before the first.</summary>
    public async Task<(Guid? Model, DriftReport? Drift)> DriftOfShopAsync(CancellationToken cancellationToken) =>
        await models.ChampionAsync(ModelVersion.ShopScope, cancellationToken) is { } champion
            ? (champion.Id, await DriftAsync(champion.Id, cancellationToken)) : (null, null);

    public void Dispose()
    {
        ended.Cancel();
        ended.Dispose();
        gate.Dispose();
    }

    private async Task<ModelCondition?> ConditionAsync(CancellationToken cancellationToken)
    {
        if (await models.ChampionAsync(ModelVersion.ShopScope, cancellationToken) is not { } champion)
            return null;
        var age = (int)(time.GetUtcNow().UtcDateTime - champion.CreatedAt).TotalDays;
        var drifted = (await DriftAsync(champion.Id, cancellationToken))?.Alarms ?? 0;
        return new ModelCondition(champion.Id, drifted, age, age > options.Value.StaleAfterDays, await models.TakenBackAsync(champion.Id, cancellationToken));
    }

    private async Task<DriftReport?> DriftAsync(Guid model, CancellationToken cancellationToken)
    {
        var state = (model, File.GetLastWriteTimeUtc(lake.PathTo(CustomerFeatures.CurrentFile)), (await scores.RunAsync(model, cancellationToken))?.At);
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (known is { } last && last.State == state)
                return last.Report;
            var report = await drift.CheckAsync(model, null, cancellationToken);
            known = (state, report.Succeeded ? report.Value : null);
            return known.Value.Report;
        }
        finally
        {
            gate.Release();
        }
    }
}
