using System.Globalization;
using System.Text.RegularExpressions;
using CampaignManager.Application.Jobs;
using CampaignManager.Web.Hosting;
using CampaignManager.Web.Localization;
using CampaignManager.Web.Shared;
using CampaignManager.Web.Shared.Runs;
using CampaignManager.Web.Uplift;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;

namespace CampaignManager.Web.Tests.Jobs;

/// <summary>Lines of a run's log in the reader's language.</summary>
public sealed partial class JobSentencesTests
{
    [Theory]
    [InlineData("en", "Fitted Visit with Automatic: 5 folds and all 1,200 training rows.")]
    [InlineData("zh-CN", "已拟合访问，方法：自动；5 折交叉，并用全部 1,200 行训练数据。")]
    public void Line_KnownCode_IsSaidInTheReadersLanguageWithItsNames(string culture, string expected)
    {
        var sentence = JobSentence.Of("training-fitted", $"Fitted '{SentenceValue.Outcome("visit")}' with learner {SentenceValue.Learner("auto")}: {5} folds and all {1200:N0} training rows.");

        Assert.Equal(expected, In(culture).Line(new JobLogLine { Text = sentence.Text, Sentence = sentence.ToJson() }));
    }

    [Fact]
    public void Line_MembersOfAnAverage_AreNamedWithTheirShares()
    {
        var sentence = JobSentence.Of("training-differences", $"{"email"}: customers differ (p {"< 0.001"}); average of {new SentenceValue("rule=0.53 dr-sparse=0.08", SentenceValue.MembersKind)}.");

        Assert.Equal("email: customers differ in how they respond (p < 0.001). Average of Best single rule 53%, DR-learner, sparse regression 8%.", In("en").Say(sentence.ToJson(), sentence.Text));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("""{"code":"of-a-later-version","values":[]}""")]
    public void Error_NoWordsForIt_IsSaidAsItWasWritten(string? json) =>
        Assert.Equal("It broke.", In("zh-CN").Error(new JobRun { Kind = "train-model", Arguments = "{}", Error = "It broke.", ErrorSentence = json }));

    [Fact]
    public void EveryCodeThatAJobWrites_HasWords()
    {
        var texts = new ServiceCollection().AddLogging().AddLocalization().BuildServiceProvider().GetRequiredService<IStringLocalizer<JobSentenceTexts>>();
        var written = Directory.GetFiles(Path.Combine(Top(), "src", "CampaignManager.Application"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Codes().Matches(File.ReadAllText(file))).Select(m => m.Groups[1].Value).Distinct(StringComparer.Ordinal).ToList();

        Assert.InRange(written.Count, 30, 100);
        Assert.Equal(written.Order(StringComparer.Ordinal), texts.GetAllStrings().Select(t => t.Name).Order(StringComparer.Ordinal));
    }

    private static JobSentences In(string culture)
    {
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(culture);
        var services = new ServiceCollection().AddLogging().AddWords().AddFeatures(Features.All).BuildServiceProvider();
        return services.GetRequiredService<JobSentences>();
    }

    private static string Top()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CampaignManager.sln")))
            folder = folder.Parent!;
        return folder.FullName;
    }

    [GeneratedRegex("""(?:JobSentence\.Of|JobFailedException|SayAsync)\(\s*"([a-z-]+)",\s*\$""")]
    private static partial Regex Codes();
}
