using System.Reflection;
using CampaignManager.Application.Jobs;

namespace CampaignManager.Web.Tests.Jobs;

/// <summary>Every stage that is declared anywhere, beside a job or for several.</summary>
internal static class DeclaredStages
{
    public static IReadOnlyList<string> Names { get; } =
    [
        .. typeof(JobStage).Assembly.GetTypes().Where(t => !t.ContainsGenericParameters)
            .SelectMany(t => t.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(f => f.FieldType == typeof(JobStage)).Select(f => ((JobStage)f.GetValue(null)!).Name()).Distinct(StringComparer.Ordinal),
    ];
}
