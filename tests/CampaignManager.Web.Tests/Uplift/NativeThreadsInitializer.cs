using System.Runtime.CompilerServices;
using CampaignManager.Application.Uplift.Training;

namespace CampaignManager.Web.Tests.Uplift;

internal static class NativeThreadsInitializer
{
    [ModuleInitializer]
    internal static void WaitQuietly() => NativeThreads.WaitQuietly();
}
