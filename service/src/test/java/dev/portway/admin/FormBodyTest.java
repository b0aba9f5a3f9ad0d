package dev.portway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormBodyTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "host=api.local&target=3001 | {'host':'api.local','target':3001}",
                "host=a&host=b | {'host':['a','b']}",
                "host=a&host=b&host=c | {'host':['a','b','c']}",
                "target=http%3A%2F%2Flocalhost%3A3001 | {'target':'http://localhost:3001'}",
                "targets=3001 | {'targets':[3001]}",
                "targets=3001&targets=3002 | {'targets':[3001,3002]}",
                "methods=GET | {'methods':['GET']}",
                "enabled=false | {'enabled':false}",
                "id=404&path=%2F1&host=127 | {'id':'404','path':'/1','host':'127'}",
                "target=007 | {'target':'007'}",
                "target=0 | {'target':0}",
                "target=12345678901 | {'target':'12345678901'}",
                "target=-1 | {'target':'-1'}",
                "health.path=/up&health.rise=2 | {'health':{'path':'/up','rise':2}}",
                "metadata.ticket=42&metadata.done=true | {'metadata':{'ticket':'42','done':'true'}}",
                "headers.X-Beta=1 | {'headers':{'X-Beta':'1'}}",
                "timeouts.response=5s | {'timeouts':{'response':'5s'}}",
                "state=drain | {'state':'drain'}",
                "path= | {'path':''}",
                "metadata.a+b=c+d%26e | {'metadata':{'a b':'c d&e'}}",
                "&host=a& | {'host':'a'}",
                "path=/a=b | {'path':'/a=b'}",
            })
    void readsWhatAShellCanWrite(String form, String json) throws Exception {
        assertThat(FormBody.parse(form)).isEqualTo(WireFormat.MAPPER.readTree(json.replace('\'', '"')));
    }
}
