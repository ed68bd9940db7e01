using System.Text.Json;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Planning;
using CampaignManager.Application.Uplift.Models;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Planning;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Application.Tests.Planning;

/// <summary>The list over all campaigns and the job that fills it, on drafts of the tests' own.</summary>
[Collection(StandardShop.Shared)]
public sealed class AllSuggestionsTests(StandardShop standard)
{
    private static readonly CancellationToken Cancel = CancellationToken.None;

    private PlannedShop Shop => standard.Shop;

    [Fact]
    public async Task List_AppliedThenUndone_LeavesTheOpenOnesAndStaysAmongTheDecided()
    {
        var (id, list) = await Shop.DraftAsync();
        var open = await OpenAsync(id);
        Assert.Equal(list.Open.Select(s => s.Id), open.Items.Select(r => r.Suggestion.Id));
        Assert.All(open.Items, r => Assert.Equal(("Newcomers, shoes", CampaignStatus.Draft, 1), (r.CampaignName, r.Status, r.Version)));
        var best = open.Items[0];

        Assert.True((await Suggestions.ApplyAsync(id, best.Suggestion.Id, PlannedShop.Marketer, Cancel)).Succeeded);
        // What was found for the version before is no longer offered.
        Assert.Empty((await OpenAsync(id)).Items);
        var applied = Assert.Single((await DecidedAsync(id)).Items);
        Assert.True(applied.CanUndo);
        Assert.Equal((SuggestionState.Applied, "Mia"), (applied.Suggestion.State, applied.Suggestion.DecidedByName));

        Assert.True((await Suggestions.UndoAsync(id, best.Suggestion.Id, PlannedShop.Marketer, Cancel)).Succeeded);
        Assert.False(Assert.Single((await DecidedAsync(id)).Items).CanUndo);
    }

    [Fact]
    public async Task List_NarrowedAndSorted_IsDoneByTheDatabase()
    {
        // Half the customers get it in the second, so that the same changes bring less there.
        var first = await NamedAsync("Sorted wide", PlannedShop.NewCustomersShoes);
        await NamedAsync("Sorted narrow", PlannedShop.NewCustomersShoes with { Experiment = new ExperimentPlan { HoldoutPercent = 60 } });
        var all = await ReadAsync(new SuggestionFilter());
        Assert.True(all.Total >= 2, $"{all.Total} suggestions");
        Assert.Equal(all.Items.Select(r => r.Suggestion.Delta).OrderDescending(), all.Items.Select(r => r.Suggestion.Delta));
        Assert.Equal("Sorted wide", all.Items[0].CampaignName);
        var least = await ReadAsync(new SuggestionFilter(), new PageRequest(all.Total, 1, "-gain", "sorted"));
        Assert.Equal(all.Total, least.Total);
        Assert.Equal(all.Items[^1].Suggestion.Id, Assert.Single(least.Items).Suggestion.Id);
        Assert.Equal(
            "Sorted narrow", (await ReadAsync(new SuggestionFilter(), new PageRequest(1, 1, "campaign", "sorted"))).Items[0].CampaignName);

        var kind = all.Items[0].Suggestion.Move.Kind;
        Assert.All((await ReadAsync(new SuggestionFilter { Kind = kind })).Items, r => Assert.Equal(kind, r.Suggestion.Move.Kind));
        Assert.All((await ReadAsync(new SuggestionFilter { CampaignId = first })).Items, r => Assert.Equal(first, r.CampaignId));
        Assert.Equal(all.Total, (await ReadAsync(new SuggestionFilter { Status = CampaignStatus.Draft, OwnerId = "m" })).Total);
        Assert.Equal(0, (await ReadAsync(new SuggestionFilter { Status = CampaignStatus.Live })).Total);
        Assert.Equal(0, (await ReadAsync(new SuggestionFilter { OwnerId = "somebody" })).Total);
    }

    private Task<Paged<SuggestionRow>> ReadAsync(SuggestionFilter filter, PageRequest? page = null) =>
        Shop.Get<AllSuggestions>().ListAsync(filter, page ?? new PageRequest(Query: "SORTED"), Cancel);

    private async Task<Guid> NamedAsync(string name, CampaignRules rules)
    {
        var id = (await Shop.Get<CampaignService>().CreateDraftAsync(name, rules, PlannedShop.Marketer, Cancel)).Value;
        Assert.True((await Shop.Get<SuggestionFinder>().SearchAsync(id, null, unlessDone: true, Cancel)).Value);
        return id;
    }

    [Fact]
    public async Task Search_OfAllCampaignsTwice_SearchesNoneTwiceAndMakesNoneTwice()
    {
        var (id, _) = await Shop.DraftAsync();
        await SearchAllAsync();
        var before = await OpenAsync(id);
        var again = await SearchAllAsync();
        Assert.Equal(0, again.Searched);
        Assert.True(again.Standing >= 1);
        Assert.Equal(Ids(before), Ids(await OpenAsync(id)));

        // Anew by hand, and by two at once: what stands keeps its id, so a page that is open goes on working.
        var finder = Shop.Get<SuggestionFinder>();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => finder.SearchAsync(id, null, unlessDone: false, Cancel)));
        Assert.All(outcomes, o => Assert.True(o.Succeeded && o.Value));
        Assert.Equal(Ids(before), Ids(await OpenAsync(id)));
    }

    [Fact]
    public async Task Search_NewVersion_DoesNotOfferWhatWasDismissedBefore()
    {
        var (id, list) = await Shop.DraftAsync();
        var offer = list.Open.First(s => s.Move.Kind == MoveKind.ChangeOffer || s.Move.Kind == MoveKind.WidenScope);
        Assert.True((await Suggestions.DismissAsync(id, offer.Id, "Not this season", PlannedShop.Marketer, Cancel)).Succeeded);
        var rules = PlannedShop.NewCustomersShoes with { Limits = PlannedShop.NewCustomersShoes.Limits with { UsesPerCustomer = 3 } };
        Assert.True(
            (await Shop.Get<CampaignService>().ReviseAsync(id, 1, rules, "revised", "", "", PlannedShop.Marketer, Cancel)).Succeeded);

        var again = (await Suggestions.SearchAsync(id, null, Cancel)).Value;
        Assert.DoesNotContain(again.Open, s =>
            s.Move.Kind == offer.Move.Kind && s.Move.Segment == offer.Move.Segment && s.Move.Categories.SequenceEqual(offer.Move.Categories)
            && Equals(s.Move.Offer, offer.Move.Offer));
    }

    [Fact]
    public async Task Clock_SearchOfToday_StandsUntilTomorrowOrAnotherModel()
    {
        await using var shop = await PlannedShop.OpenAsync(1_000, seed: 5, learner: "s");
        var clock = ActivatorUtilities.CreateInstance<SuggestionClock>(shop.Services);
        var first = await clock.StartDueAsync(Cancel);
        Assert.NotNull(first);
        Assert.Null(await clock.StartDueAsync(Cancel));
        Assert.Equal(JobState.Succeeded, (await shop.RunAsync(first.Value)).State);
        Assert.Null(await clock.StartDueAsync(Cancel));

        shop.Clock.Advance(TimeSpan.FromHours(23));
        Assert.Null(await clock.StartDueAsync(Cancel));
        shop.Clock.Advance(TimeSpan.FromHours(1));
        var second = await clock.StartDueAsync(Cancel);
        Assert.NotNull(second);
        await shop.RunAsync(second.Value);
        // Another version comes into use.
        shop.Clock.Advance(TimeSpan.FromMinutes(1));
        var other = await shop.TrainAsync("t");
        Assert.True((await shop.Get<ModelService>().PromoteAsync(other, PlannedShop.Admin, Cancel)).Succeeded);
        Assert.NotNull(await clock.StartDueAsync(Cancel));
    }

    private SuggestionService Suggestions => Shop.Get<SuggestionService>();

    private Task<Paged<SuggestionRow>> OpenAsync(Guid id) =>
        Shop.Get<AllSuggestions>().ListAsync(new SuggestionFilter { CampaignId = id }, new PageRequest(), Cancel);

    private Task<Paged<SuggestionRow>> DecidedAsync(Guid id) =>
        Shop.Get<AllSuggestions>().ListAsync(new SuggestionFilter(Decided: true) { CampaignId = id }, new PageRequest(), Cancel);

    private static IEnumerable<Guid> Ids(Paged<SuggestionRow> rows) => rows.Items.Select(r => r.Suggestion.Id);

    private async Task<SuggestionsSearched> SearchAllAsync()
    {
        var run = await Shop.RunAsync(
            await Shop.Get<JobService>().StartAsync(SearchSuggestionsJob.Kind, new SearchSuggestions(), Actor.System, Cancel));
        Assert.True(run.State == JobState.Succeeded, run.Error);
        return JsonSerializer.Deserialize<SuggestionsSearched>(run.Result!, JsonSerializerOptions.Web)!;
    }
}
