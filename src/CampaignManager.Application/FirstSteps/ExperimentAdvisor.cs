using CampaignManager.Application.Audiences;
using CampaignManager.Application.Data;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Offers.Replay;
using CampaignManager.Application.Settings;
using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Experiments;
using CampaignManager.Engine.Money;
using CampaignManager.Engine.Offers;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.FirstSteps;

/// <summary>
/// Says what a draft's holdout will let be seen, and how much a running campaign still needs: the editor's side of what <see cref="FirstExperiment"/> says of
/// the first one.
/// </summary>
public sealed class ExperimentAdvisor(
    DataLake lake, AudienceReach reach, OfferSampler offers, SettingsService settings, IDbContextFactory<AppDbContext> contexts)
{
    /// <summary>How far is looked ahead.</summary>
    public const int MostDays = 90;

    private const int DaysWithoutEnd = 28;
    private const double LearnsFrom = 0.5;

    private static readonly int[] Usual = [7, 14, 28];
    private static readonly double[] Shares = [0.05, 0.1, 0.2, PowerPlan.Half];

    /// <param name="rules">As they stand.</param>
    /// <param name="daysRun">Days a live campaign has run; null for a draft.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null where nobody can tell: no customers described, no orders, or nobody like them in the past.</returns>
    public async Task<ExperimentAdvice?> AdviseAsync(CampaignRules rules, int? daysRun, CancellationToken cancellationToken)
    {
        if (rules.Experiment is not { AttributionDays: >= 1 and <= 365, HoldoutPercent: >= 0 and <= 100 }
            || await reach.CustomersAsync(cancellationToken) is not { IsKnown: true } customers)
            return null;
        var (size, attribution) = (customers.Size(rules.Audience), rules.Experiment.AttributionDays);
        var (start, end) = TimeZoneInfo.TryFindSystemTimeZoneById(rules.Schedule.TimeZone, out _)
            ? ScheduleInterval.ToUtc(rules.Schedule) : new ScheduleInterval(null, null);
        var days = end is { } until && start is { } from
            ? Math.Clamp((int)Math.Ceiling((until - from).TotalDays), 1, MostDays) : DaysWithoutEnd;
        int[] columns = [.. Usual.Append(days).Distinct().Order()];
        Dictionary<int, ConversionHistory> past = [];
        foreach (var column in daysRun is null ? columns : [.. columns.Append(MostDays).Distinct()])
            if (await reach.HistoryAsync(rules.Audience, column + attribution, cancellationToken) is { Rate: not null } history)
                past[column] = history;
        if (!past.TryGetValue(days, out var own) || await OrdersAsync(cancellationToken) is not { } orders)
            return null;

        var (share, _) = await ShopMargin.FindAsync(null, orders, contexts, cancellationToken);
        var money = share is not null && orders.Currency == rules.Currency;
        var windows = past.ToDictionary(p => p.Key, p => money
            ? Money(size, p.Value, share!.Value / Currency.Get(rules.Currency).MinorPerMajor) : PowerWindow.OfConversion(size, p.Value.Rate!.Value));
        var plan = new PowerPlan(d => At(windows, d));
        var sample = money ? await offers.ReadAsync(rules, cancellationToken) : null;
        var (margin, target, pays) = Weigh(sample, share, own.Rate!.Value);
        var held = (double)rules.Experiment.HoldoutPercent / 100;
        var wanted = target ?? LearnsFrom * plan.Window(days).Mean;
        return new ExperimentAdvice(
            money ? AdviceMetric.NetProfit : AdviceMetric.Conversion, rules.Currency, size, days, end is not null, attribution, own.Customers,
            own.Rate.Value, plan.Window(days).Mean, margin, sample is { Earning: > 0 } ? sample.Discount : null, target,
            pays ? plan.Verdict(target, days) : FirstExperimentVerdict.CannotPay, pays ? plan.SuggestedShare(wanted, days) : null, columns,
            [.. Shares.Append(held).Where(s => s > 0).Distinct().Order().Select(s => new AdviceRow(
                s, (long)Math.Round(size * s, MidpointRounding.AwayFromZero),
                [.. columns.Select(c => past.ContainsKey(c) ? plan.Detectable(s, c) : null)]))],
            held, daysRun is { } run && pays && held > 0 ? plan.DaysLeft(held, wanted, run, MostDays) : null);
    }

    // Whoever orders earns the shop's margin on what was paid: what is measured of a campaign is net profit.
    private static PowerWindow Money(long size, ConversionHistory past, double margin)
    {
        double n = past.Customers;
        return new PowerWindow(size, past.Rate!.Value, margin * past.Spent.Sum / n,
            margin * Deviation(past.Spent.Sum, past.Spent.Squares), margin * Deviation(past.Spent.TopSum, past.Spent.TopSquares));

        double Deviation(double sum, double squares) => Math.Sqrt(Math.Max(0, squares / n - sum / n * (sum / n)));
    }

    // τ*·(m − d): what has to come of it, a customer, so that it pays for what goes to those who order anyway.
    private static (double? Margin, double? Target, bool Pays) Weigh(OfferSample? sample, double? margin, double rate)
    {
        if (sample is not { Earning: > 0, Discount: > 0 } || margin is not { } share)
            return (null, null, true);
        var weighed = new BreakEven(share * sample.Goods, sample.Discount, rate * sample.Earning / sample.Orders, 0);
        return (weighed.Margin, weighed.Effect * (weighed.Margin - weighed.Discount), weighed.Effect is not null);
    }

    private static PowerWindow At(Dictionary<int, PowerWindow> windows, int days)
    {
        var below = windows.Keys.Where(d => d <= days).DefaultIfEmpty(windows.Keys.Min()).Max();
        var above = windows.Keys.Where(d => d >= days).DefaultIfEmpty(windows.Keys.Max()).Min();
        return above <= below ? windows[below] : windows[below].Towards(windows[above], (double)(days - below) / (above - below));
    }

    private async Task<ShopOrders?> OrdersAsync(CancellationToken cancellationToken)
    {
        var shop = await settings.GetAsync(cancellationToken);
        return await Task.Run(() =>
        {
            using var connection = lake.Open(threads: 1);
            return ShopOrders.Read(lake, connection, shop);
        }, cancellationToken);
    }
}
