using Microsoft.Extensions.Localization;

namespace CampaignManager.Web.Shared;

/// <summary>A feature's texts, in which the whole app looks for words that belong to a code: failures, kinds of runs, stages.</summary>
public sealed record FeatureWords(Type Type);

/// <summary>Finds the text of a code in whichever feature has one; the first listed feature wins.</summary>
public sealed class CodedWords(IEnumerable<FeatureWords> features, IStringLocalizerFactory localizers)
{
    private readonly IStringLocalizer[] texts = [.. features.Select(f => localizers.Create(f.Type))];

    /// <summary>The text, or null where no feature has one.</summary>
    public string? Find(string key, params object[] values) =>
        texts.Select(t => t[key, values]).FirstOrDefault(t => !t.ResourceNotFound)?.Value;
}

public static class FeatureWordServices
{
    public static IServiceCollection AddTexts<TTexts>(this IServiceCollection services) => services.AddSingleton(new FeatureWords(typeof(TTexts)));
}
