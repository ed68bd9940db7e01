using System.Text.Json;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Data;
using CampaignManager.Application.Lake;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Planning;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Planning;

/// <summary>Searches campaigns for changes worth making, and writes down what it found.</summary>
public sealed class SuggestionFinder(
    PlannerSource planners, LiveMeasurements measurements, IDbContextFactory<AppDbContext> contexts, TimeProvider time)
{
    // What was dismissed is not offered again, and what is being tried has its answer on the way.
    private static readonly SuggestionState[] Settled = [SuggestionState.Dismissed, SuggestionState.Tested];

    /// <summary>Searches the present version and replaces the campaign's open suggestions. One that stands keeps its id.</summary>
    /// <param name="unlessDone">Leaves a campaign alone whose version was searched with this model and these customers already.</param>
    /// <returns>Whether it was searched.</returns>
    public async Task<Outcome<bool>> SearchAsync(
        Guid campaignId, IProgress<double>? progress, bool unlessDone, CancellationToken cancellationToken)
    {
        var source = await planners.GetAsync(cancellationToken);
        if (!source.Succeeded)
            return source.Failure;
        var planner = source.Value;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var campaign = await context.Campaigns.AsNoTracking().Where(c => c.Id == campaignId)
            .Select(c => new { c.Version, c.Status, c.RulesJson }).SingleOrDefaultAsync(cancellationToken);
        if (campaign is null)
            return Failure.NotFound("The campaign");
        if (unlessDone && await IsDoneAsync(context, campaignId, campaign.Version, planner, cancellationToken))
            return false;
        var rules = RulesJson.Read(campaign.RulesJson);
        if (!OfferTerms.Knows(rules.Offer))
            return PredictionService.OfferUnknown;
        var measured = campaign.Status == CampaignStatus.Live ? await measurements.ReadAsync(campaignId, planner, rules, cancellationToken)
            : null;
        var found = await Task.Run(
            () => new SuggestionSearch(planner, measured).Run(rules, progress, cancellationToken), cancellationToken);

        var now = time.GetUtcNow();
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        // The row is the lock: of two searches at once the second waits here, and then replaces what the first has written.
        if (!await LockAsync(context, campaignId, now.UtcDateTime, cancellationToken))
            return Failure.NotFound("The campaign");
        var standing = (await context.CampaignSuggestions.AsNoTracking().Where(s => s.CampaignId == campaignId)
            .ToListAsync(cancellationToken)).ToLookup(s => s.State);
        await context.CampaignSuggestions.Where(s => s.CampaignId == campaignId && s.State == SuggestionState.Open)
            .ExecuteDeleteAsync(cancellationToken);
        var settled = Settled.SelectMany(state => standing[state])
            .Select(s => Question(SuggestionView.MoveOf(s))).ToHashSet(StringComparer.Ordinal);
        var offered = found.Moves.Where(m => !settled.Contains(Question(m.Move))).ToList();
        foreach (var move in offered)
        {
            var json = JsonSerializer.Serialize(move.Move, RulesJson.Options);
            var before = standing[SuggestionState.Open].FirstOrDefault(s => s.CampaignVersion == campaign.Version && s.MoveJson == json);
            context.Add(Row(new CampaignSuggestion
            {
                Id = before?.Id ?? Guid.CreateVersion7(now),
                CampaignId = campaignId,
                CampaignVersion = campaign.Version,
                ModelId = planner.Model.ModelId,
                Kind = move.Move.Kind,
                MoveJson = json,
                BeforeJson = campaign.RulesJson,
                EvidenceJson = JsonSerializer.Serialize(Evidence(planner, rules, move, found.Candidates, measured), RulesJson.Options),
                CreatedAt = before?.CreatedAt ?? now.UtcDateTime,
            }, move));
        }

        await SayAsync(context, campaignId, campaign.Version, planner, found, offered.Count, now, cancellationToken);
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>The last search of a campaign's present version, where it was made with the model in use.</summary>
    internal static Task<SearchedCampaign?> LastAsync(
        AppDbContext context, Guid campaignId, int version, Guid modelId, CancellationToken cancellationToken) =>
        context.SearchedCampaigns.AsNoTracking()
            .SingleOrDefaultAsync(
                s => s.CampaignId == campaignId && s.CampaignVersion == version && s.ModelId == modelId, cancellationToken);

    private static async Task<bool> IsDoneAsync(
        AppDbContext context, Guid campaignId, int version, Planner planner, CancellationToken cancellationToken) =>
        (await LastAsync(context, campaignId, version, planner.Model.ModelId, cancellationToken))?.Origin == planner.Sample.Origin;

    /// <returns>False when the campaign was deleted meanwhile.</returns>
    private static async Task<bool> LockAsync(AppDbContext context, Guid campaignId, DateTime at, CancellationToken cancellationToken)
    {
        await context.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO "SearchedCampaigns" (
                "CampaignId", "CampaignVersion", "ModelId", "Origin", "Candidates", "Offered", "NearestDelta", "DataNeeded", "At")
            SELECT "Id", 0, {Guid.Empty}, '', 0, 0, 0, 0, {at} FROM "Campaigns" WHERE "Id" = {campaignId} ON CONFLICT DO NOTHING
            """,
            cancellationToken);
        return await context.SearchedCampaigns.Where(s => s.CampaignId == campaignId)
            .ExecuteUpdateAsync(s => s.SetProperty(x => x.CampaignVersion, x => x.CampaignVersion), cancellationToken) == 1;
    }

    private static Task SayAsync(
        AppDbContext context, Guid campaignId, int version, Planner planner, SearchResult found, int offered, DateTimeOffset now,
            CancellationToken cancellationToken)
    {
        var (model, origin, at) = (planner.Model.ModelId, planner.Sample.Origin, now.UtcDateTime);
        var nearest = found.Nearest is { } move ? JsonSerializer.Serialize(move.Move, RulesJson.Options) : null;
        var (candidates, delta, needed) = (found.Candidates, found.Nearest?.Value.Delta ?? 0, found.DataNeeded);
        return context.SearchedCampaigns.Where(s => s.CampaignId == campaignId).ExecuteUpdateAsync(
            s => s.SetProperty(x => x.CampaignVersion, version).SetProperty(x => x.ModelId, model).SetProperty(x => x.Origin, origin)
                .SetProperty(x => x.Candidates, candidates).SetProperty(x => x.Offered, offered).SetProperty(x => x.NearestJson, nearest)
                .SetProperty(x => x.NearestDelta, delta).SetProperty(x => x.DataNeeded, needed).SetProperty(x => x.At, at),
            cancellationToken);
    }

    /// <summary>What a move asks, whatever else the rules say: the same question is not put twice.</summary>
    private static string Question(CampaignMove move) => string.Join(
        '|', move.Kind, move.Segment, string.Join(',', move.Categories.Order(StringComparer.Ordinal)),
        move.Offer is { } offer ? JsonSerializer.Serialize(offer, RulesJson.Options) : "");

    private static SuggestionEvidence Evidence(
        Planner planner, CampaignRules rules, ValuedMove move, int candidates, LiveEvidence? measured)
    {
        var rows = planner.Model.RowsByLifecycle;
        return new SuggestionEvidence(
            move.Move.Segment is { } segment && rows.TryGetValue(segment, out var own) ? own : rows.Values.Sum(),
            planner.Model.Effects.Campaigns,
            move.Extrapolated,
            rules.Limits.Budget is { } budget && move.DiscountAfter > (double)budget,
            candidates)
        {
            Measured = measured?.Customers,
            MeasuredDays = measured?.Days,
        };
    }

    private static CampaignSuggestion Row(CampaignSuggestion row, ValuedMove move)
    {
        row.Delta = move.Value.Delta;
        row.Low = move.Low;
        row.High = move.High;
        row.ProbabilityPositive = move.Value.ProbabilityPositive;
        row.Customers = (int)Math.Round(move.Value.Customers);
        row.DiscountChange = move.DiscountChange;
        return row;
    }
}
