using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Planning;

/// <param name="CampaignId">Only this one, anew; null: all drafts and live campaigns that were not searched on what is known now.</param>
public sealed record SearchSuggestions(Guid? CampaignId = null);

/// <param name="Searched">Campaigns searched.</param>
/// <param name="Standing">Campaigns whose search still stands.</param>
/// <param name="Unknown">Campaigns of a kind that cannot be predicted.</param>
/// <param name="Found">Suggestions that wait afterwards, of all campaigns.</param>
public sealed record SuggestionsSearched(int Searched, int Standing, int Unknown, int Found);

/// <summary>Looks for changes worth making in every campaign that can still be changed.</summary>
public sealed class SearchSuggestionsJob(SuggestionFinder finder, PlannerSource planners, IDbContextFactory<AppDbContext> contexts) : IJob
{
    public const string Kind = "search-suggestions";

    private static readonly JobStage Searching = new("searching-suggestions");

    public static readonly JobKind Declared = new(Kind, Searching);

    public async Task<object?> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var only = context.Arguments<SearchSuggestions>().CampaignId;
        // Asked first, so that a shop without a model is told once and not by every campaign.
        if ((await planners.GetAsync(cancellationToken)).Failure is { } none)
            throw new JobFailedException(none.Code, $"{none.Message}");
        List<Guid> campaigns;
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            campaigns = await db.Campaigns.AsNoTracking()
                .Where(c => only == null ? SuggestionTables.Searched.Contains(c.Status) : c.Id == only)
                .OrderBy(c => c.Id).Select(c => c.Id).ToListAsync(cancellationToken);
        }

        int searched = 0, standing = 0, unknown = 0;
        foreach (var (index, id) in campaigns.Index())
        {
            cancellationToken.ThrowIfCancellationRequested();
            await context.ReportAsync(Searching, (double)index / campaigns.Count, cancellationToken);
            var outcome = await finder.SearchAsync(id, null, unlessDone: only is null, cancellationToken);
            // One that was deleted meanwhile is nobody's loss.
            if (!outcome.Succeeded)
                unknown += outcome.Failure.Code == PredictionService.OfferUnknown.Code ? 1 : 0;
            else if (outcome.Value)
                searched++;
            else
                standing++;
        }

        await using var after = await contexts.CreateDbContextAsync(cancellationToken);
        var found = await after.OpenSuggestions.CountAsync(cancellationToken);
        await context.LogAsync(
            JobSentence.Of("suggestions-searched",
                $"Searched {searched} campaigns; the search of {standing} still stands. {found} suggestions wait."), cancellationToken);
        return new SuggestionsSearched(searched, standing, unknown, found);
    }
}
