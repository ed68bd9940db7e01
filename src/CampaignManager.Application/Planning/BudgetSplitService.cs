using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Data;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Settings;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Planning;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Planning;

/// <summary>What a campaign gets of a budget.</summary>
/// <param name="Offer">The offer it is best run with; null: it gets nothing.</param>
/// <param name="Cost">Discounts expected.</param>
/// <param name="NetProfit">Net profit expected.</param>
public sealed record BudgetShare(
    Guid CampaignId, string Name, CampaignStatus Status, Offer Present, Offer? Offer, double Cost, double NetProfit)
{
    /// <summary>It would have to be changed first.</summary>
    public bool OtherOffer => Offer is not null && !Offer.Equals(Present);
}

/// <summary>A budget split over the drafts and live campaigns; major units of the shop's currency.</summary>
/// <param name="Shares">Those that get most first, those that get nothing last.</param>
/// <param name="Total">All of them together with their interval.</param>
/// <param name="Gap">No other split of these offers would bring more than this in addition.</param>
/// <param name="Price">What one more unit of budget would bring.</param>
/// <param name="LeftOut">Campaigns that cannot be predicted or count in another currency.</param>
public sealed record BudgetPlan(
    double Budget, string Currency, IReadOnlyList<BudgetShare> Shares, PlannedSum Total, double Gap, double Price, int LeftOut);

/// <summary>Says which campaigns should get how much of a budget, and with which offer.</summary>
public sealed class BudgetSplitService(PlannerSource planners, SettingsService settings, IDbContextFactory<AppDbContext> contexts)
{
    /// <summary>Campaigns at most, those changed last first: each costs as long as a few predictions.</summary>
    public const int MostCampaigns = 60;

    public async Task<Outcome<BudgetPlan>> SplitAsync(decimal budget, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        if (budget is <= 0 or > 1_000_000_000_000)
            return Failure.Invalid("budget", "The budget must be above 0.") with { Code = "budget-not-positive" };
        var source = await planners.GetAsync(cancellationToken);
        if (!source.Succeeded)
            return source.Failure;
        var currency = (await settings.GetAsync(cancellationToken)).Currency;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await context.Campaigns.AsNoTracking().Where(c => SuggestionTables.Searched.Contains(c.Status))
            .OrderByDescending(c => c.UpdatedAt).ThenBy(c => c.Id).Take(MostCampaigns)
            .Select(c => new { c.Id, c.Name, c.Status, c.RulesJson }).ToListAsync(cancellationToken);
        var all = rows.ConvertAll(r => new Candidate(r.Id, r.Name, r.Status, RulesJson.Read(r.RulesJson)));
        var known = all.FindAll(c => c.Rules.Currency == currency && OfferTerms.Knows(c.Rules.Offer));
        return await Task.Run<Outcome<BudgetPlan>>(
            () => Split(source.Value, known, (double)budget, currency, all.Count - known.Count, progress, cancellationToken),
                cancellationToken);
    }

    private static BudgetPlan Split(
        Planner planner, List<Candidate> campaigns, double budget, string currency, int leftOut, IProgress<double>? progress,
            CancellationToken cancellationToken)
    {
        var options = new List<IReadOnlyList<(Offer Offer, SpendOption Spend)>>();
        foreach (var campaign in campaigns)
        {
            options.Add([.. Options(planner, campaign, cancellationToken)]);
            progress?.Report((double)options.Count / campaigns.Count);
        }

        var split = BudgetSplit.Of([.. options.Select(o => o.Select(x => x.Spend).ToList())], budget);
        var shares = campaigns.Select((c, i) => split.Chosen[i] is >= 0 and var chosen
            ? new BudgetShare(c.Id, c.Name, c.Status, c.Rules.Offer, options[i][chosen].Offer, options[i][chosen].Spend.Cost,
                options[i][chosen].Spend.Gain)
            : new BudgetShare(c.Id, c.Name, c.Status, c.Rules.Offer, null, 0, 0)).ToList();
        var together = planner.Together([.. campaigns.Zip(shares).Where(p => p.Second.Offer is not null)
            .Select(p => PlannedCampaign.Project(planner, p.First.Rules with { Offer = p.Second.Offer! }))]);
        return new BudgetPlan(
            budget, currency, [.. shares.OrderByDescending(s => s.Cost).ThenByDescending(s => s.NetProfit).ThenBy(s => s.CampaignId)],
                together, split.Gap, split.Price, leftOut);
    }

    // A live campaign keeps its offer: it runs or it does not. A draft may also have one with another number, inside what was tried.
    private static IEnumerable<(Offer Offer, SpendOption Spend)> Options(
        Planner planner, Candidate campaign, CancellationToken cancellationToken)
    {
        IEnumerable<CampaignRules> others = campaign.Status == CampaignStatus.Draft
            ? OfferKnobs.Of(campaign.Rules.Offer).SelectMany(knob => OfferKnobs.Grid(campaign.Rules, knob)).Select(g => g.Rules)
            : [];
        foreach (var rules in others.Prepend(campaign.Rules).DistinctBy(r => r.Offer))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var sum = planner.Together([PlannedCampaign.Project(planner, rules)]);
            if (sum.NetProfit > 0 && (!sum.Extrapolated || rules.Offer.Equals(campaign.Rules.Offer)))
                yield return (rules.Offer, new SpendOption(Math.Max(0, sum.Cost), sum.NetProfit));
        }
    }

    private sealed record Candidate(Guid Id, string Name, CampaignStatus Status, CampaignRules Rules);
}
