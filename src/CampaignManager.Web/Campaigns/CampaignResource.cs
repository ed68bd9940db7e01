using System.Text.Json.Serialization;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Settings;
using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Offers;
using CampaignManager.Web.Hosting;

namespace CampaignManager.Web.Campaigns;

/// <summary>
/// A campaign as callers send it. Every field but <c>name</c> and <c>offer</c> has a default; what the server decides (status, version, ids)
/// may be sent back as it was read and is ignored.
/// </summary>
[SentBack(typeof(CampaignResource))]
public sealed record CampaignInput
{
    /// <summary>Needed.</summary>
    public string? Name { get; init; }

    public string? Note { get; init; }

    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>ISO 4217; the shop's own when left out.</summary>
    public string? Currency { get; init; }

    /// <summary>Needed.</summary>
    public Offer? Offer { get; init; }

    public Scope? Scope { get; init; }

    public Audience? Audience { get; init; }

    public Combining? Combining { get; init; }

    public Trigger? Trigger { get; init; }

    /// <summary>In the shop's own time zone when left out.</summary>
    public Schedule? Schedule { get; init; }

    public Limits? Limits { get; init; }

    public ReturnPolicy? ReturnPolicy { get; init; }

    public ExperimentPlan? Experiment { get; init; }

    /// <summary>The draft; null without an offer, which has no default.</summary>
    public CampaignDraft? ToDraft(ShopSettings settings)
    {
        if (Offer is null)
            return null;
        var usual = new CampaignRules();
        var rules = new CampaignRules
        {
            Currency = Currency ?? settings.Currency,
            Offer = Offer,
            Scope = Scope ?? usual.Scope,
            Audience = Audience ?? usual.Audience,
            Combining = Combining ?? usual.Combining,
            Trigger = Trigger ?? usual.Trigger,
            Schedule = Schedule ?? usual.Schedule with { TimeZone = settings.TimeZone },
            Limits = Limits ?? usual.Limits,
            ReturnPolicy = ReturnPolicy ?? usual.ReturnPolicy,
            Experiment = Experiment ?? usual.Experiment,
        };
        return new CampaignDraft(Name ?? "", rules, Note, Tags);
    }
}

/// <summary>A campaign as callers read it: its rules beside what has become of it.</summary>
public sealed record CampaignResource
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public string? Note { get; init; }

    public required IReadOnlyList<string> Tags { get; init; }

    public required CampaignStatus Status { get; init; }

    /// <summary><c>imported</c>: it ran before the shop came here, and its import brought it.</summary>
    public CampaignOrigin Origin { get; init; }

    public required int Version { get; init; }

    public required string Currency { get; init; }

    public required Offer Offer { get; init; }

    public required Scope Scope { get; init; }

    public required Audience Audience { get; init; }

    public required Combining Combining { get; init; }

    public required Trigger Trigger { get; init; }

    public required Schedule Schedule { get; init; }

    public required Limits Limits { get; init; }

    public required ReturnPolicy ReturnPolicy { get; init; }

    public required ExperimentPlan Experiment { get; init; }

    /// <summary>Discount given so far, major units.</summary>
    public required decimal DiscountSpent { get; init; }

    /// <summary>UTC, inclusive.</summary>
    public DateTime? StartsAt { get; init; }

    /// <summary>UTC, exclusive.</summary>
    public DateTime? EndsAt { get; init; }

    public required string Owner { get; init; }

    public DateTime CreatedAt { get; init; }

    public DateTime UpdatedAt { get; init; }

    /// <summary>What is worth a look, as <c>submit</c>, <c>approve</c> and <c>launch</c> answer it; only where something is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<CallWarning>? Warnings { get; init; }

    public static CampaignResource Of(CampaignView c) =>
        Of(c.Id, c.Name, c.Note, c.Tags, c.Status, c.Version, c.Rules, c.DiscountSpentMinor, c.StartsAt, c.EndsAt, c.OwnerName, c.CreatedAt, c.UpdatedAt, c.Origin);

    public static CampaignResource Of(CampaignRow c) =>
        Of(c.Id, c.Name, c.Note, c.Tags, c.Status, c.Version, c.Rules, c.DiscountSpentMinor, c.StartsAt, c.EndsAt, c.OwnerName, c.CreatedAt, c.UpdatedAt, c.Origin);

    private static CampaignResource Of(
        Guid id, string name, string? note, IReadOnlyList<string> tags, CampaignStatus status, int version, CampaignRules rules, long spentMinor,
        DateTime? startsAt, DateTime? endsAt, string owner, DateTime createdAt, DateTime updatedAt, CampaignOrigin origin) => new()
        {
            Id = id,
            Name = name,
            Note = note,
            Tags = tags,
            Status = status,
            Origin = origin,
            Version = version,
            Currency = rules.Currency,
            Offer = rules.Offer,
            Scope = rules.Scope,
            Audience = rules.Audience,
            Combining = rules.Combining,
            Trigger = rules.Trigger,
            Schedule = rules.Schedule,
            Limits = rules.Limits,
            ReturnPolicy = rules.ReturnPolicy,
            Experiment = rules.Experiment,
            DiscountSpent = Engine.Money.Currency.Get(rules.Currency).ToMajor(spentMinor),
            StartsAt = startsAt,
            EndsAt = endsAt,
            Owner = owner,
            CreatedAt = createdAt,
            UpdatedAt = updatedAt,
        };
}
