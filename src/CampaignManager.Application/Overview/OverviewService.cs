using CampaignManager.Application.Accounts;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Planning;
using CampaignManager.Application.Uplift.Models;
using CampaignManager.Application.Uplift.Training;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Overview;

/// <summary>What asks for somebody, and how fresh everything is.</summary>
/// <param name="Approvals">Campaigns and changes that wait for this person.</param>
/// <param name="Suggestions">Open suggestions, and the campaigns they are for.</param>
/// <param name="Model">The shop's model in use; null before the first training.</param>
/// <param name="Newest">Time of the newest event or order; null in an empty lake.</param>
public sealed record OverviewAttention(
    int Approvals, int Suggestions, int SuggestionCampaigns, ModelRow? Model, DateTime? Newest, long Customers, long Orders, long Events, JobCounts Jobs);

/// <param name="Running">Queued or running.</param>
/// <param name="Failed">Failed within <see cref="OverviewService.FailedDays"/> days.</param>
/// <param name="Training">Whether a model is among what runs or is queued.</param>
public sealed record JobCounts(int Running, int Failed, bool Training = false);

/// <summary>The overview's other half: what runs, what waits, what is stale.</summary>
public sealed class OverviewService(
    IDbContextFactory<AppDbContext> contexts, CampaignList campaigns, ModelService models, LakeInventory inventory, TimeProvider time)
{
    public const int FailedDays = 7;

    /// <summary>Campaigns that run or are paused, those that end first at the top, with their number in all.</summary>
    public async Task<Paged<BudgetPace>> LiveAsync(int take, CancellationToken cancellationToken)
    {
        var filter = new CampaignFilter { Statuses = [CampaignStatus.Live, CampaignStatus.Paused] };
        var page = await campaigns.ListAsync(filter, new PageRequest(1, take, "end"), cancellationToken);
        var now = time.GetUtcNow().UtcDateTime;
        return new Paged<BudgetPace>([.. page.Items.Select(c => BudgetPace.Of(c, now))], page.Total);
    }

    public async Task<OverviewAttention> AttentionAsync(Actor actor, CancellationToken cancellationToken)
    {
        var waiting = await campaigns.ListAsync(new CampaignFilter { WaitsFor = actor }, new PageRequest(1, 1), cancellationToken);
        var model = await models.ChampionAsync(ModelVersion.ShopScope, cancellationToken);
        var stock = (await inventory.ReadAsync(cancellationToken)).ToDictionary(t => t.Table);
        var suggestions = await SuggestionsAsync(cancellationToken);
        return new OverviewAttention(
            waiting.Total, suggestions.Count, suggestions.Distinct().Count(), model, Newest(stock), stock[LakeTable.Customers.Name].Rows, stock[LakeTable.Orders.Name].Rows, stock[LakeTable.Events.Name].Rows,
            await JobsAsync(cancellationToken));
    }

    /// <summary>The campaign of every open suggestion; at most ten a campaign, so few.</summary>
    private async Task<List<Guid>> SuggestionsAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.OpenSuggestions.Select(x => x.Campaign.Id).ToListAsync(cancellationToken);
    }

    public async Task<JobCounts> JobsAsync(CancellationToken cancellationToken)
    {
        var since = time.GetUtcNow().UtcDateTime.AddDays(-FailedDays);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var open = await context.JobRuns.Where(r => r.State == JobState.Running || r.State == JobState.Queued).Select(r => r.Kind).ToListAsync(cancellationToken);
        var failed = await context.JobRuns.CountAsync(r => r.State == JobState.Failed && r.FinishedAt >= since, cancellationToken);
        return new JobCounts(open.Count, failed, open.Contains(TrainModelJob.Kind));
    }

    private static DateTime? Newest(Dictionary<string, LakeTableStock> stock) =>
        new[] { stock[LakeTable.Events.Name].Newest, stock[LakeTable.Orders.Name].Newest }.Max();
}
