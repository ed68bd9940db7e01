using CampaignManager.Application;
using Microsoft.Extensions.Localization;

namespace CampaignManager.Web.Shared;

/// <summary>
/// A failure as the sentence that a person reads: the page's own text for its code, the common one, any feature's. The English sentence
/// of the failure comes last; a code itself is never shown.
/// </summary>
public sealed class FailureWords(IStringLocalizer<FailureTexts> common, CodedWords coded)
{
    public string Say(Failure failure, IStringLocalizer? own = null) =>
        Say(failure.Code, failure.Errors?.GetValueOrDefault("detail")?.FirstOrDefault(), failure.Message, own);

    /// <param name="code">The failure's code, as stored or answered.</param>
    /// <param name="detail">What it is about, such as a column; texts take it as {0}.</param>
    /// <param name="sentence">The English sentence, for a code that nobody has words for.</param>
    /// <param name="own">Texts of the page, which may know better than the common ones what is meant.</param>
    public string Say(string? code, string? detail, string? sentence, IStringLocalizer? own = null)
    {
        var key = "Failure." + code;
        return Of(own, key, detail) ?? Of(common, key, detail) ?? coded.Find(key, detail ?? "") ?? sentence ?? common["Unknown"];
    }

    private static string? Of(IStringLocalizer? texts, string key, string? detail) =>
        texts?[key, detail ?? ""] is { ResourceNotFound: false } text ? text.Value : null;
}
