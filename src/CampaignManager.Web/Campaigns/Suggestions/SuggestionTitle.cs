using System.Globalization;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Planning;
using CampaignManager.Web.Shared;
using Microsoft.Extensions.Localization;

namespace CampaignManager.Web.Campaigns.Suggestions;

/// <summary>A suggestion in one sentence, in the reader's language.</summary>
public static class SuggestionTitle
{
    public static string Of(CampaignMove move, IStringLocalizer<SuggestionTexts> texts, ShopNames names)
    {
        var segment = move.Segment is { } key ? names.Segment(key) : "";
        var categories = string.Join(CultureInfo.CurrentUICulture.Name == "zh-CN" ? "、" : ", ", move.Categories.Select(names.Category));
        return move.Kind switch
        {
            MoveKind.WidenScope => texts["WidenScope", categories, segment],
            MoveKind.NarrowScope => texts["NarrowScope", categories, segment],
            MoveKind.DropSegment => texts["DropSegment", segment],
            MoveKind.AddSegment => texts["AddSegment", segment],
            MoveKind.ChangeOffer => texts["ChangeOffer", OfferSentence.Of(move.Offer!, move.After.Currency, CultureInfo.CurrentUICulture)],
            _ => throw new InvalidOperationException($"No sentence for {move.Kind}."),
        };
    }
}
