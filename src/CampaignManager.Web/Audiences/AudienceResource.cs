using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CampaignManager.Application.Audiences;
using CampaignManager.Engine.Audiences.Predicates;
using CampaignManager.Engine.Offers;
using CampaignManager.Web.Shared;

namespace CampaignManager.Web.Audiences;

/// <param name="Key">Of a new one: its slug, small letters, digits and hyphens; made of the name when left out. Not changed afterwards.</param>
/// <param name="Name">Needed.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Predicate">Needed: a condition, or a group <c>and</c>, <c>or</c>, <c>not</c>; see the API guide.</param>
[SentBack(typeof(AudienceResource))]
public sealed record AudienceInput(string? Key, string? Name, string? Description, JsonElement? Predicate)
{
    internal AudienceDraft ToDraft(Predicate? predicate) => new(Name, predicate, Description, Key);
}

/// <param name="Predicate">Needed.</param>
/// <param name="Exact">Wait for the exact size.</param>
public sealed record SizeInput(JsonElement? Predicate, bool? Exact);

/// <param name="Low">Lower end of the 95 % interval; null of an exact size.</param>
/// <param name="High">Upper end.</param>
/// <param name="AsOf">As of when customers are described.</param>
/// <param name="Sentence">Who is meant, in the caller's language.</param>
public sealed record SizeResource(long Size, long? Low, long? High, bool Exact, DateTime AsOf, string Sentence);

/// <param name="Size">At the last computation.</param>
/// <param name="AsOf">As of when; null before customers were described.</param>
/// <param name="UsedBy">Campaigns that name it; a live one changes with it.</param>
public sealed record AudienceResource(
    string Key, string Name, string? Description, JsonNode Predicate, string Sentence, int Version, DateTime CreatedAt, DateTime UpdatedAt, long Size, DateTime? AsOf,
    IReadOnlyList<NamingCampaign> UsedBy)
{
    internal static AudienceResource Of(OwnAudience a, ShopNames names) => new(
        a.Key, a.Name, a.Description, JsonNode.Parse(PredicateJson.Write(a.Predicate))!, PredicateSentence.Of(a.Predicate, CultureInfo.CurrentUICulture, names.OfPredicates), a.Version,
        a.CreatedAt, a.UpdatedAt, a.Size, a.AsOf, a.UsedBy);
}
