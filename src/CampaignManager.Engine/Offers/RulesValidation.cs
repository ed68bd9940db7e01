using System.Globalization;
using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Money;

namespace CampaignManager.Engine.Offers;

/// <summary>What must hold before rules are saved: every wrong field is named, with a sentence.</summary>
public static class RulesValidation
{
    private static readonly string[] Days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    private static readonly DateOnly Earliest = new(2000, 1, 1);
    private static readonly DateOnly Latest = new(2100, 12, 31);

    /// <summary>Everything that is wrong with the rules; empty when they may be saved.</summary>
    public static IReadOnlyList<RuleError> Check(CampaignRules rules)
    {
        var wrong = CheckPriceable(rules);
        // Of an entry that is wrong by itself nobody can say what was meant.
        return [.. wrong, .. RulesIntent.Check(rules).Where(e => Entry(e.Path) is not { Length: > 0 } entry || !wrong.Any(w => w.Path.StartsWith(entry, StringComparison.Ordinal)))];
    }

    /// <summary>
    /// What keeps rules from being priced at all. What was saved before <see cref="RulesIntent"/> refused it goes on being priced as it always was: only saving it anew is refused.
    /// </summary>
    public static IReadOnlyList<RuleError> CheckPriceable(CampaignRules rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        var errors = new RuleErrors(rules.Currency);
        if (!Currency.TryGet(rules.Currency, out _))
            errors.Add("currency", "currency-unknown", $"'{rules.Currency}' is not a known currency code.", rules.Currency);
        OfferValidation.Check(rules.Offer, errors);
        CheckScope(rules.Scope, errors);
        if (rules is { Scope.CheapestOnly: true, Offer: BuyXGetY or Bundle })
            errors.Add("scope.cheapestOnly", "cheapest-mechanic", "Sets pick their own units: the cheapest unit alone cannot be chosen here.");
        CheckAudience(rules.Audience, errors);
        if (rules.Trigger.Code is { } code && (string.IsNullOrWhiteSpace(code) || code.Length > 64))
            errors.Add("trigger.code", "code-length", "A code has 1 to 64 characters.");
        CheckSchedule(rules.Schedule, errors);
        CheckLimits(rules.Limits, errors);
        errors.Between("experiment.holdoutPercent", rules.Experiment.HoldoutPercent, 0, 100);
        errors.Between("experiment.attributionDays", rules.Experiment.AttributionDays, 1, 365);
        return errors.All;
    }

    private static string Entry(string path) => path[..(path.LastIndexOf(']') + 1)];

    private static void CheckScope(Scope scope, RuleErrors errors)
    {
        errors.Selector("scope.include", scope.Include);
        errors.Selector("scope.exclude", scope.Exclude);
        var segments = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < scope.PerSegment.Count; i++)
        {
            var path = $"scope.perSegment[{i}]";
            var (segment, categories) = (scope.PerSegment[i]?.Segment, scope.PerSegment[i]?.Categories);
            if (string.IsNullOrWhiteSpace(segment))
                errors.Add(path + ".segment", "blank", "The entry is blank.");
            else if (!segments.Add(segment))
                errors.Add(path + ".segment", "twice", $"'{segment}' is named twice.", segment);
            if (categories is not { Count: > 0 })
                errors.Add(path + ".categories", "categories-missing", "Name at least one category for this segment.");
            else
                errors.Names(path + ".categories", categories);
        }
    }

    private static void CheckAudience(Audience audience, RuleErrors errors)
    {
        errors.Names("audience.anyOf", audience.AnyOf);
        errors.Names("audience.noneOf", audience.NoneOf);
        errors.Names("audience.channels", audience.Channels);
        errors.Names("audience.regions", audience.Regions);
        for (var i = 0; i < audience.NoneOf.Count; i++)
        {
            if (audience.AnyOf.Contains(audience.NoneOf[i]))
                errors.Add($"audience.noneOf[{i}]", "segment-both", $"'{audience.NoneOf[i]}' is both in and out.", audience.NoneOf[i]);
        }

        for (var i = 0; i < audience.CustomerKinds.Count; i++)
            errors.OneOf($"audience.customerKinds[{i}]", audience.CustomerKinds[i], AudienceMembership.New, AudienceMembership.Returning);
    }

    private static void CheckSchedule(Schedule schedule, RuleErrors errors)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(schedule.TimeZone, out var zone) || !zone.HasIanaId)
            errors.Add("schedule.timeZone", "zone-unknown", $"'{schedule.TimeZone}' is not a known IANA time zone.", schedule.TimeZone);
        CheckDay("schedule.start", schedule.Start, errors);
        CheckDay("schedule.end", schedule.End, errors);
        if (schedule is { Start: { Time: null } first, End: { Time: null } last } && last.Day < first.Day)
            errors.Add("schedule.end", "end-before-start", "The last day is before the first.");
        else if (zone is not null && (schedule.Start?.Time ?? schedule.End?.Time) is not null && ScheduleInterval.ToUtc(schedule) is { StartUtc: { } from, EndUtc: { } until } && until <= from)
            errors.Add("schedule.end", "end-not-after-start", "The end must be after the start.");
        for (var i = 0; i < schedule.Weekly.Count; i++)
            CheckWindow($"schedule.weekly[{i}]", schedule.Weekly[i], errors);
    }

    private static void CheckDay(string path, LocalMoment? moment, RuleErrors errors)
    {
        if (moment is { Day: var day } && (day < Earliest || day > Latest))
            errors.Add(path, "day-range", "The day must lie between 2000 and 2100.");
    }

    private static void CheckWindow(string path, WeeklyWindow? window, RuleErrors errors)
    {
        if (window?.Days is not { Count: > 0 })
        {
            errors.Add(path + ".days", "days-missing", "Name at least one day of the week.");
        }
        else
        {
            errors.Names(path + ".days", window.Days);
            for (var i = 0; i < window.Days.Count; i++)
                errors.OneOf($"{path}.days[{i}]", window.Days[i], Days);
        }

        var from = Minutes(window?.From);
        var to = Minutes(window?.To);
        if (from is null or 1440)
            errors.Add(path + ".from", "time", "Write the time as HH:mm, for example 18:00.");
        if (to is null)
            errors.Add(path + ".to", "time", "Write the time as HH:mm, for example 18:00.");
        if (from >= to)
            errors.Add(path + ".to", "window-order", "The window must end after it begins. Split one that passes midnight in two.");
    }

    /// <summary>Minutes since midnight; 24:00 closes a day.</summary>
    private static int? Minutes(string? time) =>
        time == "24:00" ? 1440
        : TimeOnly.TryParseExact(time, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var parsed) ? parsed.Hour * 60 + parsed.Minute
        : null;

    private static void CheckLimits(Limits limits, RuleErrors errors)
    {
        errors.Amount("limits.budget", limits.Budget);
        errors.Between("limits.uses", limits.Uses, 1, int.MaxValue);
        errors.Between("limits.usesPerCustomer", limits.UsesPerCustomer, 1, int.MaxValue);
        errors.Between("limits.usesPerCode", limits.UsesPerCode, 1, int.MaxValue);
        errors.Between("limits.usesPerDay", limits.UsesPerDay, 1, int.MaxValue);
        errors.Between("limits.reservationMinutes", limits.ReservationMinutes, 1, 10_080);
    }
}
