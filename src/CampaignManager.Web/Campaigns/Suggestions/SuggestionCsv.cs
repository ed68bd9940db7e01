using System.Globalization;
using System.Text;
using System.Text.Json;
using CampaignManager.Application;
using CampaignManager.Application.Planning;
using CampaignManager.Web.Access;
using CampaignManager.Web.Shared;
using Microsoft.Extensions.Localization;

namespace CampaignManager.Web.Campaigns.Suggestions;

/// <summary>What the page lists, all pages of it, as a table that spreadsheets read.</summary>
public static class SuggestionCsv
{
    private const string Header =
        "campaign,campaignId,suggestion,kind,segment,deltaNetProfit,low,high,currency,probabilityPositive,customers,discountChange,state,decidedBy,decidedAt,reason,createdAt";

    public static void MapSuggestionCsv(this WebApplication app) =>
        app.MapGet("/suggestions.csv", ReadAsync).RequireAuthorization(Policies.Staff).ExcludeFromDescription();

    private static IResult ReadAsync(
        string? sort, string? q, string? kind, string? status, bool? mine, bool? decided, Guid? campaign, AllSuggestions all,
        IStringLocalizer<SuggestionTexts> texts, ShopNames names, HttpContext http, CancellationToken stop)
    {
        var state = SuggestionListState.Of(1, sort, q, kind, status, mine, decided, campaign);
        var filter = state.Filter(CurrentActor.Of(http.User));
        return TypedResults.Stream(
            async stream =>
            {
                await using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true);
                await writer.WriteAsync($"{Header}\r\n".AsMemory(), stop);
                for (var page = 1; ; page++)
                {
                    var some = await all.ListAsync(filter, new PageRequest(page, PageRequest.MaxPageSize, state.Sort, q), stop);
                    foreach (var row in some.Items)
                        await writer.WriteAsync(Line(row, SuggestionTitle.Of(row.Suggestion.Move, texts, names)).AsMemory(), stop);
                    if (some.Items.Count < PageRequest.MaxPageSize)
                        break;
                }
            },
            "text/csv",
            state.Decided ? "suggestions-decided.csv" : "suggestions.csv");
    }

    private static string Line(SuggestionRow row, string title)
    {
        var s = row.Suggestion;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{CsvCell.Of(row.CampaignName)},{row.CampaignId},{CsvCell.Of(title)},{Camel(s.Move.Kind)},{CsvCell.Of(s.Move.Segment ?? "")},{s.Delta:0.##},{s.Low:0.##},"
            + $"{s.High:0.##},{s.Before.Currency},{s.ProbabilityPositive:0.####},{s.Customers},{s.DiscountChange:0.##},{Camel(s.State)},{CsvCell.Of(s.DecidedByName ?? "")},"
            + $"{row.DecidedAt:O},{CsvCell.Of(s.DismissReason ?? "")},{row.CreatedAt:O}\r\n");
    }

    private static string Camel<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
