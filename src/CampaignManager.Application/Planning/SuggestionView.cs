using System.Text.Json;
using CampaignManager.Application.Campaigns;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Planning;

namespace CampaignManager.Application.Planning;

/// <summary>A suggestion as pages and the API see it.</summary>
public sealed record SuggestionView(
    Guid Id,
    int CampaignVersion,
    CampaignMove Move,
    CampaignRules Before,
    double Delta,
    double Low,
    double High,
    double ProbabilityPositive,
    int Customers,
    double DiscountChange,
    SuggestionEvidence Evidence,
    SuggestionState State,
    string? DismissReason,
    int? AppliedVersion,
    string? DecidedByName)
{
    internal static SuggestionView Of(CampaignSuggestion s) => new(
        s.Id, s.CampaignVersion, MoveOf(s), RulesJson.Read(s.BeforeJson), s.Delta, s.Low, s.High, s.ProbabilityPositive, s.Customers,
            s.DiscountChange,
        JsonSerializer.Deserialize<SuggestionEvidence>(s.EvidenceJson, RulesJson.Options)!, s.State, s.DismissReason, s.AppliedVersion,
            s.DecidedByName);

    internal static CampaignMove MoveOf(CampaignSuggestion suggestion) => MoveOf(suggestion.MoveJson);

    internal static CampaignMove MoveOf(string json) => JsonSerializer.Deserialize<CampaignMove>(json, RulesJson.Options)!;
}

/// <summary>The suggestions of a campaign's current version, those decided on before, and, when there are none, what would have to be
/// learnt.</summary>
public sealed record SuggestionList(
    IReadOnlyList<SuggestionView> Open, IReadOnlyList<SuggestionView> Decided, int Candidates, CampaignMove? Nearest, double NearestDelta,
        double DataNeeded);
