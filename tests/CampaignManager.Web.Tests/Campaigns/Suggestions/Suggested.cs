using System.Text.Json;
using CampaignManager.Application.Data;
using CampaignManager.Application.Planning;
using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Planning;
using CampaignManager.Web.Tests.Campaigns.Predict;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Web.Tests.Campaigns.Suggestions;

/// <summary>A draft for new customers on shoes, and an open suggestion for it; written down as the search would, so that a test does not hang on what the search finds.</summary>
internal static class Suggested
{
    public static readonly CampaignRules Shoes = new()
    {
        Offer = new FullReduction { Tiers = [new SpendTier(200, 30)] },
        Scope = new Scope { Include = new ScopeSelector { Categories = ["shoes"] } },
        Audience = new Audience { AnyOf = ["new"] },
    };

    public static readonly CampaignRules ShoesAndHome = Shoes with { Scope = new Scope { Include = new ScopeSelector { Categories = ["home", "shoes"] } } };

    public static async Task<(Guid Campaign, Guid Suggestion)> AddAsync(TrainedApp app, string name = "Shoes")
    {
        var campaign = await app.DraftAsync(Shoes, name);
        var move = new CampaignMove(MoveKind.WidenScope, "new", ["home"], null, ShoesAndHome);
        var suggestion = new CampaignSuggestion
        {
            Id = Guid.NewGuid(),
            CampaignId = campaign,
            CampaignVersion = 1,
            ModelId = app.ModelId,
            MoveJson = JsonSerializer.Serialize(move, RulesJson.Options),
            BeforeJson = RulesJson.Write(Shoes),
            Delta = 12_300,
            Low = 4_100,
            High = 20_800,
            ProbabilityPositive = 0.97,
            Customers = 3_214,
            DiscountChange = 2_500,
            EvidenceJson = JsonSerializer.Serialize(new SuggestionEvidence(9_876, 8, Extrapolated: true, OverBudget: false, Candidates: 57), RulesJson.Options),
        };
        await using var context = await app.Contexts.CreateDbContextAsync();
        context.Set<CampaignSuggestion>().Add(suggestion);
        await context.SaveChangesAsync();
        return (campaign, suggestion.Id);
    }

    public static async Task<CampaignSuggestion> ReadAsync(TrainedApp app, Guid id)
    {
        await using var context = await app.Contexts.CreateDbContextAsync();
        return await context.Set<CampaignSuggestion>().AsNoTracking().SingleAsync(s => s.Id == id);
    }
}
