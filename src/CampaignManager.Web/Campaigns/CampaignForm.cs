using System.Globalization;
using System.Text.Json;
using CampaignManager.Application.Campaigns;
using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Offers;
using CampaignManager.Web.Shared;

namespace CampaignManager.Web.Campaigns;

/// <summary>Weekly hours as typed.</summary>
public sealed class WindowRow
{
    public HashSet<string> Days { get; set; } = [];

    public string From { get; set; } = "";

    public string To { get; set; } = "";
}

/// <summary>
/// What is typed into the editor, kept as typed, right or wrong; every field of the rules has one here. As JSON it is what a draft keeps while not all of it is valid.
/// </summary>
public sealed class CampaignForm
{
    public string Name { get; set; } = "";

    public string? Note { get; set; }

    public string Tags { get; set; } = "";

    public string Currency { get; set; } = "";

    public OfferForm Offer { get; set; } = new();

    public ScopeForm Scope { get; set; } = new();

    public HashSet<string> Segments { get; set; } = [];

    public HashSet<string> ExcludedSegments { get; set; } = [];

    public HashSet<string> CustomerKinds { get; set; } = [];

    public HashSet<string> Channels { get; set; } = [];

    public HashSet<string> Regions { get; set; } = [];

    public decimal? HoldoutPercent { get; set; }

    public int? AttributionDays { get; set; }

    public OfferClass? Class { get; set; }

    public int? Priority { get; set; }

    public string? Group { get; set; }

    public bool Exclusive { get; set; }

    public ThresholdBase ThresholdBase { get; set; }

    public string? Code { get; set; }

    public bool UniqueCodes { get; set; }

    public string? TimeZone { get; set; }

    public DateTime? Start { get; set; }

    public DateTime? End { get; set; }

    /// <summary>The time at which it begins, as typed; empty for the whole day.</summary>
    public string? StartTime { get; set; }

    /// <summary>The time at which it ends, as typed; empty for the whole day.</summary>
    public string? EndTime { get; set; }

    public List<WindowRow> Weekly { get; set; } = [];

    public decimal? Budget { get; set; }

    public int? Uses { get; set; }

    public int? UsesPerCustomer { get; set; }

    public int? UsesPerCode { get; set; }

    public int? UsesPerDay { get; set; }

    public bool PartialBudget { get; set; }

    public bool ReusableOnCancel { get; set; } = true;

    public int? ReservationMinutes { get; set; }

    public ReturnPolicy ReturnPolicy { get; set; }

    /// <summary>What stands in fields of numbers and days and is none, by path.</summary>
    public UnreadNumbers Unread { get; set; } = [];

    public static CampaignForm Of(string name, string? note, IReadOnlyList<string> tags, CampaignRules rules) => new()
    {
        Name = name,
        Note = note,
        Tags = string.Join(' ', tags),
        Currency = rules.Currency,
        Offer = OfferForm.Of(rules.Offer),
        Scope = ScopeForm.Of(rules.Scope),
        Segments = [.. rules.Audience.AnyOf],
        ExcludedSegments = [.. rules.Audience.NoneOf],
        CustomerKinds = [.. rules.Audience.CustomerKinds],
        Channels = [.. rules.Audience.Channels],
        Regions = [.. rules.Audience.Regions],
        HoldoutPercent = rules.Experiment.HoldoutPercent,
        AttributionDays = rules.Experiment.AttributionDays,
        Class = rules.Combining.Class,
        Priority = rules.Combining.Priority,
        Group = rules.Combining.Group,
        Exclusive = rules.Combining.Exclusive,
        ThresholdBase = rules.Combining.ThresholdBase,
        Code = rules.Trigger.Code,
        UniqueCodes = rules.Trigger.UniqueCodes,
        TimeZone = rules.Schedule.TimeZone,
        Start = rules.Schedule.Start?.Day.ToDateTime(TimeOnly.MinValue),
        End = rules.Schedule.End?.Day.ToDateTime(TimeOnly.MinValue),
        StartTime = TimeOf(rules.Schedule.Start),
        EndTime = TimeOf(rules.Schedule.End),
        Weekly = [.. rules.Schedule.Weekly.Select(w => new WindowRow { Days = [.. w.Days], From = w.From, To = w.To })],
        Budget = rules.Limits.Budget,
        Uses = rules.Limits.Uses,
        UsesPerCustomer = rules.Limits.UsesPerCustomer,
        UsesPerCode = rules.Limits.UsesPerCode,
        UsesPerDay = rules.Limits.UsesPerDay,
        PartialBudget = rules.Limits.OnBudgetShort == OnBudgetShort.Partial,
        ReusableOnCancel = rules.Limits.ReusableOnCancel,
        ReservationMinutes = rules.Limits.ReservationMinutes,
        ReturnPolicy = rules.ReturnPolicy,
    };

    /// <summary>A draft's form: as it was left, where it was left unfinished.</summary>
    public static CampaignForm Of(CampaignView campaign)
    {
        var (name, tags) = (campaign.Name, campaign.Tags);
        return campaign.EditorJson is { } json && Read(json) is { } left ? left : Of(name, campaign.Note, tags, campaign.Rules);
    }

    /// <summary>Null when it is no form, as after a change of the app.</summary>
    public static CampaignForm? Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<CampaignForm>(json, RulesJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public CampaignDraft ToDraft() => new(Name, ToRules(), string.IsNullOrWhiteSpace(Note) ? null : Note, Tags.Split([' ', ',', '，'], StringSplitOptions.RemoveEmptyEntries));

    public CampaignRules ToRules() => new()
    {
        Currency = Currency,
        Offer = Offer.ToOffer(),
        Scope = Scope.ToScope(),
        Audience = ToAudience(),
        Combining = new Combining { Class = Class, Priority = Priority ?? 0, Group = string.IsNullOrWhiteSpace(Group) ? null : Group.Trim(), Exclusive = Exclusive, ThresholdBase = ThresholdBase },
        Trigger = new Trigger { Code = string.IsNullOrWhiteSpace(Code) ? null : Code.Trim(), UniqueCodes = UniqueCodes },
        Schedule = new Schedule { TimeZone = TimeZone ?? "", Start = Moment(Start, StartTime), End = Moment(End, EndTime), Weekly = [.. Weekly.Select(w => new WeeklyWindow([.. WeekDays.Where(w.Days.Contains)], w.From.Trim(), w.To.Trim()))] },
        Limits = new Limits
        {
            Budget = Budget,
            Uses = Uses,
            UsesPerCustomer = UsesPerCustomer,
            UsesPerCode = UsesPerCode,
            UsesPerDay = UsesPerDay,
            OnBudgetShort = PartialBudget ? OnBudgetShort.Partial : OnBudgetShort.Reject,
            ReusableOnCancel = ReusableOnCancel,
            ReservationMinutes = ReservationMinutes ?? 0,
        },
        ReturnPolicy = ReturnPolicy,
        Experiment = new ExperimentPlan { HoldoutPercent = HoldoutPercent ?? 0, AttributionDays = AttributionDays ?? 0 },
    };

    public Audience ToAudience() => new()
    {
        AnyOf = Sorted(Segments),
        NoneOf = Sorted(ExcludedSegments),
        CustomerKinds = Sorted(CustomerKinds),
        Channels = Sorted(Channels),
        Regions = Sorted(Regions),
    };

    /// <summary>Everything wrong with it, by JSON path of the rules.</summary>
    public IReadOnlyList<RuleError> Check()
    {
        IEnumerable<string> blank = [.. Offer.Blank(), .. HoldoutPercent is null ? ["experiment.holdoutPercent"] : Array.Empty<string>(), .. Priority is null ? ["combining.priority"] : Array.Empty<string>()];
        IEnumerable<RuleError> times = [.. WrongTime("schedule.start", StartTime), .. WrongTime("schedule.end", EndTime)];
        return [.. Unread.Select(NotRead), .. times, .. blank.Select(path => new RuleError(path, "blank", "Fill this in.", [])), .. ToDraft().Check()];
    }

    private static RuleError NotRead(KeyValuePair<string, string> field) => field.Key is "schedule.start" or "schedule.end"
        ? new RuleError(field.Key, "not-a-day", $"'{field.Value}' is not a day.", [field.Value])
        : NumberText.Read(field.Value) is null
        ? new RuleError(field.Key, "not-a-number", $"'{field.Value}' is not a number.", [field.Value])
        : NumberText.Read(field.Value, whole: true) is not null ? new RuleError(field.Key, "amount-large", $"'{field.Value}' is too large.", [])
        : new RuleError(field.Key, "not-whole", $"'{field.Value}' is not a whole number.", [field.Value]);

    /// <summary>All that is typed; tells two states of the form apart and brings one back.</summary>
    public string Snapshot() => JsonSerializer.Serialize(this, RulesJson.Options);

    public static IReadOnlyList<string> WeekDays { get; } = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    internal static IReadOnlyList<string> Sorted(IEnumerable<string> keys) => [.. keys.Order(StringComparer.Ordinal)];

    private static string? TimeOf(LocalMoment? moment) => moment is { Time: not null } at ? at.ToString()[11..] : null;

    private static LocalMoment? Moment(DateTime? day, string? time)
    {
        if (day is not { } given)
            return null;
        var text = $"{DateOnly.FromDateTime(given).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}T{time?.Trim()}";
        return LocalMoment.TryParse(text, out var moment) ? moment : DateOnly.FromDateTime(given);
    }

    private static IEnumerable<RuleError> WrongTime(string path, string? time) =>
        string.IsNullOrWhiteSpace(time) || LocalMoment.TryParse("2026-01-01T" + time.Trim(), out _) ? [] : [new RuleError(path, "time", "Write the time as HH:mm, for example 18:00.", [])];
}
