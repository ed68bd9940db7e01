using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Planning;

/// <summary>The tables of this room.</summary>
public static class SuggestionTables
{
    /// <summary>Campaigns that may still be changed, or asked to be.</summary>
    internal static readonly CampaignStatus[] Searched = [CampaignStatus.Draft, CampaignStatus.Live];

    extension(AppDbContext context)
    {
        public DbSet<CampaignSuggestion> CampaignSuggestions => context.Set<CampaignSuggestion>();

        public DbSet<SearchedCampaign> SearchedCampaigns => context.Set<SearchedCampaign>();

        /// <summary>Suggestions with their campaigns.</summary>
        internal IQueryable<SuggestionOfCampaign> SuggestionsOfCampaigns => context.CampaignSuggestions.AsNoTracking()
            .Join(context.Campaigns.AsNoTracking(), s => s.CampaignId, c => c.Id, (s, c) =>
                new SuggestionOfCampaign { Suggestion = s, Campaign = c });

        /// <summary>Those that wait: for the present version of a draft or of a live campaign.</summary>
        internal IQueryable<SuggestionOfCampaign> OpenSuggestions => context.SuggestionsOfCampaigns.Where(x =>
            x.Suggestion.State == SuggestionState.Open && x.Suggestion.CampaignVersion == x.Campaign.Version
                && Searched.Contains(x.Campaign.Status));
    }
}

/// <summary>A row of the join.</summary>
internal sealed class SuggestionOfCampaign
{
    public required CampaignSuggestion Suggestion { get; init; }

    public required Campaign Campaign { get; init; }
}
